import type { Normalization } from "../core/data/dataset.js";
import type { PicturePreparation } from "../core/data/picture-preparation.js";
import { UsageError } from "../core/errors.js";
import { encodeModel, type ModelContents } from "../core/formats/model-file.js";
import { classesOf, type Graph, graphConfig } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import { type LossName, usualLoss } from "../core/loss.js";
import type { Calibration } from "../core/metrics/calibrate.js";
import type { NamedTensor } from "../core/named-tensor.js";
import { checkValue, typedArray } from "../core/options/index.js";
import { plural } from "../core/words.js";
import { buildGraph } from "./build-graph.js";
import { decodeOnnx } from "./decode.js";
import { ended } from "./ending.js";
import { inputNormalization } from "./normalization.js";
import { type ImportOptions, resolveImportOptions } from "./options.js";
import { ownMetadata } from "./own-metadata.js";
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
  /** "0", "1", … where neither the file nor anybody else names them. */
  readonly classNames: readonly string[];
  /** "binaryCrossEntropy" where the file ends in a sigmoid for each of several labels. */
  readonly loss: LossName;
  /** How pictures of any size become its images. */
  readonly preparation: PicturePreparation | undefined;
  /** What was found on images that it didn't learn from, where heddle exported the file. */
  readonly calibration: Calibration | undefined;
  readonly report: ImportReport;
}

/**
 * A classifier of images from an ONNX file, as PyTorch, Keras and other libraries export them: its graph as heddle's
 * layers, images [H, W, C] where ONNX has [N, C, H, W], with all weights turned accordingly. A softmax or a sigmoid at
 * its end is left out, since heddle's models give logits. What heddle itself exported says how pixels enter, what classes
 * are called, and how pictures become its images: what is given counts before that. Nothing is read but the bytes: values that lie in other files
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
  const own = ownMetadata(model.metadataProps, { inputShape: graph.inputShape, classes });
  const { normalization, words } = inputNormalization(affine, own, resolved, importer);
  const numbered = Array.from({ length: classes }, (_, index) => String(index));
  const { classNames = own.classNames ?? numbered } = resolved;
  if (classNames.length !== classes)
    throw new UsageError(
      `importOnnx: classNames has ${plural(classNames.length, "name")}, but ${source} tells ${classes} classes apart. Give one a class, in their order.`,
    );
  const otherNames = own.classNames && classNames.some((name, index) => name !== own.classNames?.[index]);
  return {
    graph,
    weights,
    normalization,
    classNames,
    loss: end.loss ?? own.loss ?? usualLoss,
    preparation: own.preparation ?? croppedTo(graph.inputShape),
    calibration: own.calibration,
    report: {
      producer: [model.producerName, model.producerVersion].filter(Boolean).join(" "),
      opset: read.opset,
      operators: Object.fromEntries(read.operators),
      input: read.input,
      output: end.output,
      notes: [
        ...words,
        ...(otherNames ? ["classes are called as given, though the file itself calls them otherwise"] : []),
        ...own.passedOver.map(
          (key) => `its ${key} is not what heddle writes of such a model, and is passed over`,
        ),
        ...end.notes,
        ...importer.notes,
      ],
    },
  };
}

/** Pictures scaled until they cover a network's images, and their middle taken; undefined where those are no pictures. */
export function croppedTo([height, width, channels]: Shape): PicturePreparation | undefined {
  if (channels !== 1 && channels !== 3) return undefined;
  return { size: [height, width], channels, resize: "crop", background: 0 };
}

/** A model of another library's as a file that `loadModel` reads: what `importOnnx` or `importTimm` gave, with names of its classes. */
export function importedModelFile(
  imported: Pick<ImportedModel, "graph" | "weights" | "normalization" | "classNames"> &
    Partial<Pick<ImportedModel, "loss" | "preparation" | "calibration">>,
): Uint8Array {
  const { graph, weights, normalization, classNames, loss, preparation, calibration } = imported;
  const contents: ModelContents = {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization,
    classNames,
    ...(loss && { loss }),
    ...(preparation && { preparation }),
    ...(calibration && { calibration }),
    tensors: weights,
  };
  return encodeModel(contents);
}
