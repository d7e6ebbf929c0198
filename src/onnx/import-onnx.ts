import type { Normalization } from "../core/data/dataset.js";
import type { PicturePreparation } from "../core/data/picture-preparation.js";
import { UsageError } from "../core/errors.js";
import { encodeModel, type ModelContents } from "../core/formats/model-file.js";
import { classesOf, type Graph, graphConfig } from "../core/graph/index.js";
import type { LossName } from "../core/loss.js";
import type { NamedTensor } from "../core/named-tensor.js";
import { checkValue, typedArray } from "../core/options/index.js";
import { plural } from "../core/words.js";
import { buildGraph } from "./build-graph.js";
import { decodeOnnx } from "./decode.js";
import { ended } from "./ending.js";
import { inputNormalization } from "./normalization.js";
import { type ImportOptions, resolveImportOptions } from "./options.js";
import { readGraph } from "./read-graph.js";

/** What was read and how it was taken, in words and numbers. */
export interface ImportReport {
  /** Who wrote the file, as it says itself. */
  readonly producer: string;
  /** The version of ONNX's operators that it is written in. */
  readonly opset: number;
  /** The nodes that the output needs, and how many there are of each operator. */
  readonly operators: Readonly<Record<string, number>>;
  /** The input and its sizes, −1 where the file leaves one open. */
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  /** The tensor that became the model's logits. */
  readonly output: string;
  /** What no layer shows: how pixels enter, what was left out or expressed otherwise. */
  readonly notes: readonly string[];
}

/** A model of another library's as heddle has models. */
export interface ImportedModel {
  /** From the images [H, W, C] to the logits [classes]. */
  readonly graph: Graph;
  /** Of the graph's layers, `<layer>.<tensor>`. */
  readonly weights: readonly NamedTensor[];
  /** How pixels enter. */
  readonly normalization: Normalization;
  /** "0", "1", … where nobody named them. */
  readonly classNames: readonly string[];
  /** "binaryCrossEntropy" where the file ends in a sigmoid for each of several labels. */
  readonly loss: LossName;
  /** How pictures of any size become its images. */
  readonly preparation: PicturePreparation | undefined;
  readonly report: ImportReport;
}

/**
 * A classifier of images from an ONNX file, as PyTorch, Keras and other libraries export them: its graph as heddle's
 * layers, images [H, W, C] where ONNX has [N, C, H, W], with all weights turned accordingly. A softmax or a sigmoid at
 * its end is left out, since heddle's models give logits. Nothing is read but the bytes: values that lie in other files
 * are refused, and sizes are held against what is there before anything is made of them.
 *
 * @example
 * const { graph, weights, normalization } = importOnnx(bytes, { normalization: "imagenet" });
 * @param bytes of the file
 * @throws UsageError on options that make no sense, or that are needed and missing.
 * @throws HeddleError on what is no whole ONNX model, and on a node that no layer of heddle's can express, naming the
 * node, its operator and why.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): ImportedModel {
  checkValue("importOnnx", "bytes", bytes, typedArray("Uint8Array"));
  const resolved = resolveImportOptions(options);
  const { source } = resolved;
  const model = decodeOnnx(bytes, source);
  const read = readGraph(model, resolved);
  const { importer } = read;
  const end = ended(read);
  const { graph, weights, affine } = buildGraph(end.draft, (why) => importer.refuse(why));
  const classes = classesOf(graph);
  const { normalization, words } = inputNormalization(affine, resolved, importer);
  const { classNames = Array.from({ length: classes }, (_, index) => String(index)) } = resolved;
  if (classNames.length !== classes)
    throw new UsageError(
      `importOnnx: classNames has ${plural(classNames.length, "name")}, but ${source} tells ${classes} classes apart. Give one a class, in their order.`,
    );
  const [height, width, channels] = graph.inputShape;
  const isPicture = channels === 1 || channels === 3;
  return {
    graph,
    weights,
    normalization,
    classNames,
    loss: end.loss,
    preparation: isPicture ? { size: [height, width], channels, resize: "crop", background: 0 } : undefined,
    report: {
      producer: [model.producerName, model.producerVersion].filter(Boolean).join(" "),
      opset: read.opset,
      operators: Object.fromEntries(read.operators),
      input: read.input,
      output: end.output,
      notes: [words, ...end.notes, ...importer.notes],
    },
  };
}

/** A model of another library's as a file that `loadModel` reads: what `importOnnx` or `importTimm` gave, with names of its classes. */
export function importedModelFile(
  imported: Pick<ImportedModel, "graph" | "weights" | "normalization" | "classNames"> &
    Partial<Pick<ImportedModel, "loss">>,
): Uint8Array {
  const { graph, weights, normalization, classNames, loss } = imported;
  const contents: ModelContents = {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization,
    classNames,
    ...(loss && { loss }),
    tensors: weights,
  };
  return encodeModel(contents);
}
