import { classesOf, type Graph, type GraphNode, images } from "../../graph/index.js";
import type { LayerTypeName } from "../../layers/registry.js";
import type { Node } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { lowerActivation } from "./activation.js";
import { lowerAdd } from "./add.js";
import { lowerBatchNorm } from "./batch-norm.js";
import { lowerConcatenate } from "./concatenate.js";
import { isReshape, type LoweringContext, type LowerNode, readsNumbers } from "./context.js";
import { lowerConv2d, lowerDense, lowerDepthwise } from "./convolution.js";
import { lowerDropout } from "./dropout.js";
import { lowerLayerNorm } from "./layer-norm.js";
import { lowerMultiply } from "./multiply.js";
import { lowerGlobalAveragePool, lowerGlobalMaxPool, lowerPool } from "./pool.js";
import { lowerRecurrent } from "./recurrent.js";
import { withRemade } from "./remade.js";
import { lowerReshape } from "./reshape.js";
import { lowerScale } from "./scale.js";
import { lowerZeroPad } from "./zero-pad.js";

/** How every type of layer becomes nodes of the engine's. */
const lowerings: { readonly [Type in LayerTypeName]: LowerNode<Type> } = {
  conv2d: lowerConv2d,
  dense: lowerDense,
  depthwiseConv2d: lowerDepthwise,
  zeroPad2d: lowerZeroPad,
  maxPool2d: lowerPool,
  averagePool2d: lowerPool,
  globalAveragePool2d: lowerGlobalAveragePool,
  globalMaxPool2d: lowerGlobalMaxPool,
  batchNorm: lowerBatchNorm,
  layerNorm: lowerLayerNorm,
  activation: lowerActivation,
  scale: lowerScale,
  dropout: lowerDropout,
  flatten: lowerReshape,
  reshape: lowerReshape,
  add: lowerAdd,
  multiply: lowerMultiply,
  concatenate: lowerConcatenate,
  lstm: lowerRecurrent,
  bilstm: lowerRecurrent,
  gru: lowerRecurrent,
};

/** Finds where a node's tensor lies, given the numbers a pixel of its input, padding included. */
export type ResolveParameter = (node: GraphNode, name: string, inChannels: number) => PackedParameter;

/** What a graph becomes: the tensor the images enter by, the nodes in order, the tensor of logits. */
export interface LoweredNetwork {
  readonly input: Tensor;
  readonly nodes: readonly Node[];
  readonly logits: Tensor;
  readonly classes: number;
}

export interface LoweringOptions {
  readonly training: boolean;
  /** Which normalizations are folded into the weights before them (default: all in inference, the frozen in training). */
  readonly folding?: LoweringContext["folding"];
  readonly winograd: boolean;
  readonly resolve: ResolveParameter;
}

/**
 * Turns a graph into the nodes that the engine runs. Rewrites go by who reads whom: an activation joins the
 * convolution that it alone reads, a ReLU before a max-pool moves behind it (the two commute), where it has a quarter
 * of the work, a convolution leaves out the rows and columns that the pool behind it never reads, and in inference, or
 * where nothing of either or before them learns, a normalization is folded into the weights before it.
 *
 * @throws HeddleError where the graph gives no logits.
 */
export function lowerGraph(graph: Graph, options: LoweringOptions): LoweredNetwork {
  const { training, folding = training ? "frozen" : "all", winograd, resolve } = options;
  const classes = classesOf(graph);
  const nodes: Node[] = [];
  const outputs = new Map<number, Tensor>([[images, imagesTensor(graph)]]);
  /** The last of the nodes that joined the one before them, by the tensor that is the output of all. */
  const lastOf = new Map<Tensor, GraphNode>();
  const readersOf = (node: GraphNode): GraphNode[] => node.readers.map((index) => graph.nodes[index]);
  const context: LoweringContext = {
    training,
    folding,
    winograd,
    parameter: (node, name, inChannels = 0) => resolve(node, `${node.layer.name}.${name}`, inChannels),
    push: (node) => nodes.push(node),
    readersOf,
    soleReader: (node) => (node.readers.length === 1 ? graph.nodes[node.readers[0]] : undefined),
    absorb: (node, output) => {
      outputs.set(node.index, output);
      lastOf.set(output, node);
    },
  };
  for (const node of graph.nodes) {
    if (outputs.has(node.index)) continue;
    const inputs = node.inputs.map((index) => outputs.get(index)!);
    const lower = lowerings[node.layer.type as LayerTypeName] as unknown as (
      context: LoweringContext,
      node: GraphNode,
      inputs: readonly Tensor[],
    ) => Tensor;
    const output = lower(context, node, inputs);
    // What works in place, or does nothing, passes its input's tensor on: its own readers take its place.
    const passedOn = inputs.includes(output);
    const last = passedOn ? node : (lastOf.get(output) ?? node);
    output.readers = (passedOn ? output.readers - 1 : 0) + Math.max(1, last.readers.length);
    outputs.set(node.index, output);
  }
  return {
    input: outputs.get(images)!,
    nodes: training ? withRemade(nodes) : nodes,
    logits: outputs.get(graph.nodes.length - 1)!,
    classes,
  };
}

/** The images' tensor: without padding where all that reads it reads single numbers. */
function imagesTensor({ inputShape, imageReaders, nodes }: Graph): Tensor {
  const grid = gridOf(inputShape);
  // From the last to the first, since reshapes may follow each other a long way.
  const plain: boolean[] = [];
  for (const node of nodes.toReversed())
    plain[node.index] =
      readsNumbers(node) || (isReshape(node) && node.readers.every((reader) => plain[reader]));
  const channels = imageReaders.every((reader) => plain[reader])
    ? inputShape[inputShape.length - 1]
    : grid.channels;
  return new Tensor(inputShape, { ...grid, channels }, false, imageReaders.length);
}
