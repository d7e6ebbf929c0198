import { filtersFirst, gatesFirst, rowsByChannel, transposed } from "../../core/formats/weight-order.js";
import { type Graph, type GraphNode, images } from "../../core/graph/index.js";
import type { Shape } from "../../core/layers/layer.js";
import type { LayerOf, LayerTypeName } from "../../core/layers/registry.js";
import type { NamedTensor } from "../../core/named-tensor.js";

/** For each block of rows that PyTorch has, which of heddle's blocks it is: i, f, g, o in both, and r, z, n of z, r, n. */
const gates = { lstm: [0, 1, 2, 3], gru: [1, 0, 2] } as const;

type Read = (name: string) => NamedTensor;
type Part = NamedTensor;
type Turn<Type extends LayerTypeName> = (
  layer: LayerOf<Type>,
  read: Read,
  node: GraphNode,
) => readonly Part[];

const renamed = ({ shape, data }: NamedTensor, name: string): Part => ({ name, shape, data });

/** A bias where the layer has one. */
const biasOf = (layer: { readonly options: { readonly useBias?: boolean } }, read: Read): readonly Part[] =>
  layer.options.useBias === false ? [] : [renamed(read("bias"), "bias")];

function recurrent(
  order: readonly number[],
  { units }: { readonly units: number },
  read: Read,
  features: number,
  suffix = "",
): readonly Part[] {
  const rows = order.length * units;
  const product = (from: string, to: string, inputs: number): Part => ({
    name: `${to}_l0${suffix}`,
    shape: [rows, inputs],
    data: gatesFirst(order, inputs, read(from).data),
  });
  const bias = gatesFirst(order, 1, read("bias").data);
  // PyTorch adds two biases: of an LSTM the second is nothing.
  const second =
    order === gates.gru ? gatesFirst(order, 1, read("recurrentBias").data) : new Float32Array(rows);
  return [
    product("kernel", "weight_ih", features),
    product("recurrentKernel", "weight_hh", units),
    { name: `bias_ih_l0${suffix}`, shape: [rows], data: bias },
    { name: `bias_hh_l0${suffix}`, shape: [rows], data: second },
  ];
}

const turns: { readonly [Type in LayerTypeName]?: Turn<Type> } = {
  conv2d: (layer, read, { inputShapes: [[, , channels]] }) => {
    const { kernelSize, filters, groups = 1 } = layer.options;
    const inputs = channels / groups;
    const data = filtersFirst([...kernelSize, inputs, filters], read("kernel").data);
    return [{ name: "weight", shape: [filters, inputs, ...kernelSize], data }, ...biasOf(layer, read)];
  },
  depthwiseConv2d: (layer, read, { shape: [, , filters] }) => {
    const { kernelSize } = layer.options;
    const data = filtersFirst([...kernelSize, 1, filters], read("kernel").data);
    return [{ name: "weight", shape: [filters, 1, ...kernelSize], data }, ...biasOf(layer, read)];
  },
  dense: (layer, read, { inputShapes: [[inputs]] }) => {
    const { units } = layer.options;
    const data = transposed([inputs, units], read("kernel").data);
    return [{ name: "weight", shape: [units, inputs], data }, ...biasOf(layer, read)];
  },
  batchNorm: (_, read) => [
    renamed(read("gamma"), "weight"),
    renamed(read("beta"), "bias"),
    renamed(read("runningMean"), "running_mean"),
    renamed(read("runningVariance"), "running_var"),
  ],
  layerNorm: (_, read) => [renamed(read("gamma"), "weight"), renamed(read("beta"), "bias")],
  lstm: ({ options }, read, { inputShapes: [[, features]] }) =>
    recurrent(gates.lstm, options, read, features),
  bilstm: ({ options }, read, { inputShapes: [[, features]] }) => [
    ...recurrent(gates.lstm, options, (name) => read(`forward.${name}`), features),
    ...recurrent(gates.lstm, options, (name) => read(`backward.${name}`), features, "_reverse"),
  ],
  gru: ({ options }, read, { inputShapes: [[, features]] }) => recurrent(gates.gru, options, read, features),
};

/** Layers that leave every number in its place. */
const placeKeepers = ["activation", "dropout", "scale", "batchNorm", "layerNorm"];

/** Layers whose tensors, a bias aside, have a row for each number that they read. */
const placeReaders = ["dense", "batchNorm", "layerNorm"];

/** The image [H, W, C] whose numbers a layer reads one by one, where nothing between it and a flatten moves any. */
function flattenedBefore({ nodes }: Graph, { inputs: [first] }: GraphNode): Shape | undefined {
  let at = first;
  while (at !== images && placeKeepers.includes(nodes[at].layer.type)) [at] = nodes[at].inputs;
  if (at === images || nodes[at].layer.type !== "flatten") return undefined;
  const [shape] = nodes[at].inputShapes;
  return shape.length === 3 ? shape : undefined;
}

/** A model's tensors as PyTorch has them, and the layers that read a flattened image channel by channel by them. */
export interface PytorchTensors {
  readonly tensors: readonly NamedTensor[];
  readonly channelsFirst: readonly string[];
}

/**
 * Tensors as modules of PyTorch have them. What reads a flattened image reads it channel by channel, as `torch.flatten`
 * of [N, C, H, W] gives it.
 */
export function pytorchTensors(graph: Graph, given: readonly NamedTensor[]): PytorchTensors {
  const byName = new Map(given.map((tensor) => [tensor.name, tensor]));
  const channelsFirst: string[] = [];
  const tensors = graph.nodes.flatMap((node): readonly NamedTensor[] => {
    const { layer } = node;
    const turn = turns[layer.type as LayerTypeName] as Turn<LayerTypeName> | undefined;
    if (!turn) return [];
    const image = placeReaders.includes(layer.type) ? flattenedBefore(graph, node) : undefined;
    if (image) channelsFirst.push(layer.name);
    const read: Read = (name) => {
      const tensor = byName.get(`${layer.name}.${name}`)!;
      return image && name !== "bias" ? { ...tensor, data: rowsByChannel(image, tensor.data) } : tensor;
    };
    return turn(layer as LayerOf<LayerTypeName>, read, node).map((part) => ({
      ...part,
      name: `${layer.name}.${part.name}`,
    }));
  });
  return { tensors, channelsFirst };
}
