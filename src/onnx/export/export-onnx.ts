import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { HeddleError, UsageError } from "../../core/errors.js";
import { checkedContents, type ModelContents } from "../../core/formats/model-file.js";
import { type Graph, type GraphNode, images } from "../../core/graph/index.js";
import type { LayerOf, LayerTypeName } from "../../core/layers/registry.js";
import { shapeText } from "../../core/layers/shape.js";
import { usualLoss } from "../../core/loss.js";
import { resolveOptions } from "../../core/options/index.js";
import { modelGraph } from "../../core/training/model-from-bytes.js";
import { entryOf, valueInfo } from "./entry.js";
import { type ExportOnnxOptions, exportOnnxOptions, type ResolvedExportOptions } from "./export-options.js";
import { GraphWriter } from "./graph-writer.js";
import { asHeddle, type LaidOut } from "./laid-out.js";
import type { WriteLayer } from "./layer-context.js";
import { writeLayers } from "./layers.js";
import { onnxMetadata } from "./model-metadata.js";
import { foldedNorm, normBehind } from "./norms.js";

/** The version of the file format that each version of the operators came with, from 13 on. */
const irVersions = [7, 7, 8, 8, 8, 8, 9, 9, 10, 10];

/**
 * A model as an ONNX file, which other runtimes run: images in, logits or probabilities [N, classes] out. Class names,
 * normalization, preparation and calibration stand in its metadata, as text or JSON under keys that begin with `heddle.`.
 * Every layer becomes the operators that compute it, with its weights turned to where ONNX has them; what isn't folded is
 * imported again to a model that predicts the same bytes, with these exceptions: a last layer that is a sigmoid is taken for
 * what makes probabilities of several labels; a `scale` of the images becomes part of how pixels enter, where `input` isn't
 * "normalized"; and a layer normalization of one channel, or with an ε of 1 or more, is refused, where an `opset` below 17
 * has it spelled out.
 *
 * @example
 * await writeFile("model.onnx", exportOnnx(decodeModel(bytes, file), { output: "probabilities" }));
 * @throws UsageError on an option that is not allowed, and where calibrated outputs are asked for of a model that was not
 * calibrated.
 * @throws HeddleError where layers, classes and tensors don't fit each other, or images are no [H, W, C].
 */
export function exportOnnx(given: ModelContents, options: ExportOnnxOptions = {}): Uint8Array {
  const resolved = resolveOptions("exportOnnx", options, exportOnnxOptions);
  const contents = checkedContents("exportOnnx", given);
  const graph = modelGraph(contents, "The model");
  if (graph.inputShape.length !== 3)
    throw new HeddleError(
      `exportOnnx writes models of images [H, W, C], but the model's are ${shapeText(graph.inputShape)}.`,
    );
  const { opset, batchSize, output, outputName = output, calibrated, name } = resolved;
  const temperature = calibrated ? temperatureOf(contents) : 1;
  const writer = new GraphWriter(opset);
  if (outputName === resolved.inputName)
    throw new UsageError(`exportOnnx: inputName and outputName are both "${outputName}". Give two names.`);
  // The ends' names are the caller's: nothing else may take them before.
  writer.name(outputName);
  const { info, images: entry } = entryOf(writer, graph.inputShape, contents.normalization, resolved);
  const logits = writeGraph(writer, graph, contents, entry, resolved);
  const scaled =
    temperature === 1 ? logits : writer.node("Div", [logits, writer.number("temperature", temperature)]);
  const squash = contents.loss === "binaryCrossEntropy" ? "Sigmoid" : "Softmax";
  writer.rename(output === "logits" ? scaled : writer.node(squash, [scaled]), outputName);
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(irVersions[opset - 13]),
    producerName: "heddle",
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    metadataProps: Object.entries(onnxMetadata(contents, resolved)).map(([key, value]) => ({ key, value })),
    graph: {
      name: name ?? "heddle",
      node: writer.nodes,
      initializer: writer.tensors,
      input: [info],
      output: [valueInfo(outputName, graph.outputShape, batchSize)],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function temperatureOf({ calibration, loss = usualLoss }: ModelContents): number {
  if (calibration?.views)
    throw new UsageError(
      "exportOnnx: calibrated outputs were asked for, but the model was calibrated for means over views of an image, which the file doesn't make. Leave calibrated out.",
    );
  if (calibration && loss === usualLoss) return calibration.temperature;
  throw new UsageError(
    "exportOnnx: calibrated outputs were asked for, but the model was not calibrated. Leave calibrated out, or calibrate the model on images that it didn't learn from.",
  );
}

/** All layers. @returns the name of the logits [N, classes] */
function writeGraph(
  writer: GraphWriter,
  graph: Graph,
  { tensors }: ModelContents,
  entry: LaidOut,
  { foldBatchNorm }: ResolvedExportOptions,
): string {
  const byName = new Map(tensors.map(({ name, data }) => [name, data]));
  const values = new Map<number, LaidOut>([[images, entry]]);
  const folded = new Set<GraphNode>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((index) => values.get(index)!);
    if (folded.has(node) || (foldBatchNorm && node.layer.type === "dropout")) {
      values.set(node.index, inputs[0]);
      continue;
    }
    const readOf =
      ({ layer }: GraphNode) =>
      (name: string): Float32Array =>
        byName.get(`${layer.name}.${name}`)!;
    const next = foldBatchNorm ? normBehind(graph, node) : undefined;
    if (next) folded.add(next);
    writer.scope = node.layer.name;
    const write = writeLayers[node.layer.type as LayerTypeName] as WriteLayer<LayerTypeName>;
    const written = write({
      writer,
      layer: node.layer as LayerOf<LayerTypeName>,
      node,
      inputs,
      readers: node.readers.map((index) => graph.nodes[index]),
      read: readOf(node),
      ...(next && { norm: foldedNorm(next.layer as LayerOf<"batchNorm">, readOf(next)) }),
    });
    values.set(node.index, written);
  }
  writer.scope = "";
  return asHeddle(writer, values.get(graph.nodes.length - 1)!).name;
}
