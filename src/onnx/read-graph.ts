import type { GraphProto, NodeProto, ValueInfoProto } from "onnx-buf";
import { quoted } from "../core/options/index.js";
import type { DecodedModel } from "./decode.js";
import type { OnnxImageLayout } from "./export/export-options.js";
import { ImportError } from "./import-error.js";
import { Importer } from "./importer.js";
import { NodeReader } from "./node-reader.js";
import { operators } from "./operators/index.js";
import type { ResolvedImportOptions } from "./options.js";
import { ownInput, ownLayout } from "./own-metadata.js";
import { take } from "./take.js";
import type { View } from "./view.js";

/** What a file's graph computes. */
export interface ReadGraph {
  readonly importer: Importer;
  /** The images as they come. */
  readonly inputView: View;
  /** Of the output, [H, W, C] or whatever it has, its last functions pending. */
  readonly output: View;
  readonly outputName: string;
  /** Who reads the output, for errors. */
  readonly reader: NodeReader;
  /** The name of the input, its sizes as the file has them, −1 where one is open. */
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  /** How often each operator comes. */
  readonly operators: ReadonlyMap<string, number>;
  readonly opset: number;
}

/**
 * What stands for a batch size that is open: a prime that no usual size is a multiple of, so that sizes which are worked
 * out from it show it.
 */
const openBatch = 251;

const opsets = { least: 6, most: 24 };

/** The graph of a file, node by node, as far as its output needs them. @throws HeddleError naming what can't be taken */
export function readGraph(
  model: DecodedModel,
  { source, imageSize, output: wanted }: Pick<ResolvedImportOptions, "source" | "imageSize" | "output">,
): ReadGraph {
  const { graph } = model;
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const refuse: Importer["refuse"] = (why) =>
    new Importer(source, [1, 1, 1], 1, tensors, new Map()).refuse(why);
  if (tensors.size < graph.initializer.length) refuse("two of its tensors have one name");
  if (graph.sparseInitializer.length > 0) refuse("it has sparse tensors, which are not read");
  if (model.functions.length > 0)
    refuse("it has functions of its own, which are not read; export it with them put in their places");
  const opset = opsetOf(model, refuse);
  const outputName = wanted ?? graph.output[0]?.name ?? refuse("its graph has no output");
  const nodes = neededFor(graph, outputName, refuse);
  const info = inputOf(graph, nodes, refuse);
  const dims = inputDims(info, refuse);
  const layout = ownLayout(model.metadataProps) ?? layoutOf(nodes, info.name);
  const { inputShape, order } = imagesOf(dims, layout, imageSize, source, refuse);
  const [batchSize] = dims;
  const readers = readersOf(nodes, outputName);
  const isNormalized = ownInput(model.metadataProps) === "normalized";
  const batch = batchSize > 0 ? batchSize : openBatch;
  const importer = new Importer(source, inputShape, batch, tensors, readers, isNormalized);
  const axes = inputShape.map((size) => (size === 1 ? [] : [{ size }]));
  const inputView: View = {
    kind: "view",
    draft: importer.images,
    axes: axes.flat(),
    dims: [[importer.batch], ...order.map((axis) => axes[axis])],
    least: Number.NEGATIVE_INFINITY,
    sole: false,
  };
  importer.give(info.name, inputView);
  let reader = new NodeReader(nodes[nodes.length - 1], opset, importer);
  for (const node of nodes) {
    reader = new NodeReader(node, opset, importer);
    take(reader, operators);
  }
  const output = importer.value(outputName, reader);
  if (output.kind === "constant")
    return refuse(`its output ${quoted(outputName)} does not depend on the images`);
  const counts = new Map<string, number>();
  for (const { opType } of nodes) counts.set(opType, (counts.get(opType) ?? 0) + 1);
  return {
    importer,
    inputView,
    output,
    outputName,
    reader,
    input: { name: info.name, dims },
    operators: counts,
    opset,
  };
}

function opsetOf({ opsetImport }: DecodedModel, refuse: Importer["refuse"]): number {
  const own = opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  const version = own ? Number(own.version) : 1;
  if (version >= opsets.least && version <= opsets.most) return version;
  return refuse(
    `it is written in version ${version} of ONNX's operators, where ${opsets.least} to ${opsets.most} are read. Export it with opset_version=17`,
  );
}

/** The nodes that an output needs, in the file's order. */
function neededFor(graph: GraphProto, output: string, refuse: Importer["refuse"]): readonly NodeProto[] {
  const makers = new Map<string, NodeProto>();
  for (const node of graph.node)
    for (const name of node.output) {
      if (name !== "" && makers.has(name)) refuse(`two of its nodes give ${quoted(name)}`);
      makers.set(name, node);
    }
  const needed = new Set<NodeProto>();
  const open = [output];
  while (open.length > 0) {
    const node = makers.get(open.pop()!);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    open.push(...namesRead(node));
  }
  if (needed.size === 0) refuse(`no node gives its output ${quoted(output)}`);
  return graph.node.filter((node) => needed.has(node));
}

/** What a node reads, in graphs of its own too, whose names for what they make themselves are harmless among these. */
function namesRead({ input, attribute }: NodeProto): readonly string[] {
  const within = attribute.flatMap(({ g }) => g?.node.flatMap(namesRead) ?? []);
  return [...input.filter((name) => name !== ""), ...new Set(within)];
}

function readersOf(nodes: readonly NodeProto[], output: string): ReadonlyMap<string, number> {
  const readers = new Map([[output, 1]]);
  for (const node of nodes)
    for (const name of namesRead(node)) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}

/** The one input that is no tensor of the file. */
function inputOf(graph: GraphProto, nodes: readonly NodeProto[], refuse: Importer["refuse"]): ValueInfoProto {
  const kept = new Set(graph.initializer.map(({ name }) => name));
  const read = new Set(nodes.flatMap(({ input }) => input));
  const given = graph.input.filter(({ name }) => !kept.has(name) && read.has(name));
  if (given.length === 1) return given[0];
  return refuse(
    given.length === 0
      ? "it has no input that its output depends on"
      : `it has ${given.length} inputs, ${given.map(({ name }) => quoted(name)).join(", ")}, where a classifier has one, the images`,
  );
}

/** Sizes of the input, −1 where they are open. */
function inputDims({ name, type }: ValueInfoProto, refuse: Importer["refuse"]): readonly number[] {
  if (type?.value.case !== "tensorType" || !type.value.value.shape)
    return refuse(`its input ${quoted(name)} has no known number of axes`);
  return type.value.value.shape.dim.map(({ value }) => {
    const length = value.case === "dimValue" ? Number(value.value) : -1;
    return length > 0 ? length : -1;
  });
}

/** What takes [N, C, H, W] alone. */
const takesChannelsFirst = new Set([
  "Conv",
  "BatchNormalization",
  "MaxPool",
  "AveragePool",
  "GlobalAveragePool",
  "GlobalMaxPool",
]);

/** What leaves the axes of images where they are. */
const keepsAxes = new Set(["Add", "Sub", "Mul", "Div", "Cast", "Identity", "Pad", "Relu", "Clip"]);

/** How the first nodes that read the images have them; undefined where those leave it open. */
function layoutOf(nodes: readonly NodeProto[], images: string): OnnxImageLayout | undefined {
  const same = new Set([images]);
  for (const { opType, input, output, attribute } of nodes) {
    if (!input.some((name) => same.has(name))) continue;
    if (takesChannelsFirst.has(opType)) return "nchw";
    const perm = attribute.find(({ name }) => name === "perm")?.ints.join();
    if (opType === "Transpose" && perm === "0,3,1,2") return "nhwc";
    if (keepsAxes.has(opType)) for (const name of output) same.add(name);
  }
  return undefined;
}

/** More than this are taken for channels only where the nodes tell. */
const mostChannels = 16;

/** Of all sides and channels: far more than any classifier sees. */
const mostPixels = 2 ** 24;

/** The images as heddle has them, and for each of the file's axes behind the batch's which of [H, W, C] it is. */
function imagesOf(
  dims: readonly number[],
  layout: OnnxImageLayout | undefined,
  imageSize: readonly [number, number] | undefined,
  source: string,
  refuse: Importer["refuse"],
): { readonly inputShape: readonly [number, number, number]; readonly order: readonly number[] } {
  const text = `[${dims.map((length, axis) => (length > 0 ? length : axis === 0 ? "N" : "?")).join(", ")}]`;
  // Where nothing tells, few are channels; of images so small that either axis may be that, what images have.
  const mayBe = (axis: number, its: OnnxImageLayout): boolean =>
    dims.length === 4 && dims[axis] > 0 && (layout ? layout === its : dims[axis] <= mostChannels);
  const [isFirst, isLast] = [mayBe(1, "nchw"), mayBe(3, "nhwc")];
  const areLast = isLast && (!isFirst || (dims[3] <= 4 && dims[1] > 4));
  const order = dims.length === 3 ? [0, 1] : areLast ? [0, 1, 2] : isFirst ? [2, 0, 1] : undefined;
  if (!order)
    return refuse(
      `its input is ${text}, where a classifier of images takes [N, C, H, W], [N, H, W, C] or [N, H, W], with up to ${mostChannels} channels where its nodes don't tell their axis`,
    );
  const own = [0, 1, 2].map((part) => (order.includes(part) ? dims[order.indexOf(part) + 1] : 1));
  const sizes = [0, 1].map((axis) => {
    const given = imageSize?.[axis];
    if (own[axis] > 0 && given !== undefined && own[axis] !== given)
      return refuse(
        `its images are ${text}, not of ${imageSize!.join(" × ")} pixels: its sizes are fixed in the file`,
      );
    return given ?? (own[axis] > 0 ? own[axis] : sizeNeeded(source, text));
  });
  if (sizes[0] * sizes[1] * own[2] > mostPixels)
    return refuse(`its images are ${sizes.join(" × ")} pixels, too many to be meant`);
  return { inputShape: [sizes[0], sizes[1], own[2]], order };
}

function sizeNeeded(source: string, text: string): never {
  throw new ImportError(
    "imageSize",
    `importOnnx: the input of ${source} is ${text}, which leaves the size of its images open. Give imageSize, such as 224.`,
  );
}
