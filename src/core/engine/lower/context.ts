import type { GraphNode } from "../../graph/index.js";
import type { AnyLayer, LayerOf, LayerTypeName } from "../../layers/registry.js";
import type { Node } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import type { Tensor } from "../plan/tensor.js";

/** A node of the graph whose layer is of one type. */
export type NodeOf<Type extends LayerTypeName> = GraphNode & { readonly layer: LayerOf<Type> };

/** What lowerings see of the whole. */
export interface LoweringContext {
  readonly training: boolean;
  /** Which normalizations are folded into the weights before them: of "frozen" ones those where nothing before them learns. */
  readonly folding: "all" | "frozen" | "none";
  /** Whether 3 × 3 and 5 × 5 convolutions may go by Winograd's tiles. */
  readonly winograd: boolean;
  /** Where a node's tensor lies, by its name in the layer. `inChannels` counts the padding of what it is multiplied with. */
  parameter(node: GraphNode, name: string, inChannels?: number): PackedParameter;
  /** Adds a node of the engine's behind those that are there. */
  push(node: Node): void;
  /** The one that reads a node's output, where that is read once. */
  soleReader(node: GraphNode): GraphNode | undefined;
  /** The nodes that read a node's output. */
  readersOf(node: GraphNode): readonly GraphNode[];
  /** Says that a tensor is the output of another node as well, which then needs no lowering of its own. */
  absorb(node: GraphNode, output: Tensor): void;
}

/** Adds what a node of the graph becomes; gives the tensor of its output. */
export type LowerNode<Type extends LayerTypeName> = (
  context: LoweringContext,
  node: NodeOf<Type>,
  inputs: readonly Tensor[],
) => Tensor;

/** Whether a node's layer is of a type, for the compiler too. */
export const isOf = <Type extends LayerTypeName>(
  node: GraphNode | undefined,
  ...types: readonly Type[]
): node is NodeOf<Type> => types.some((type) => type === (node?.layer as AnyLayer | undefined)?.type);

/** Layers that read single numbers of their input, so that it needs no padding. */
export const readsNumbers = (node: GraphNode): boolean =>
  isOf(node, "conv2d", "dense", "lstm", "bilstm", "gru") && !isDepthwise(node);

/** Parts of a convolution's channels that have nothing to do with each other. */
export const groupsOf = (node: GraphNode): number =>
  isOf(node, "conv2d") ? (node.layer.options.groups ?? 1) : 1;

/** Whether each channel is convolved by itself: kernels lie as a row of the output's channels for each tap. */
export const isDepthwise = (node: GraphNode): boolean =>
  isOf(node, "depthwiseConv2d") ||
  (isOf(node, "conv2d") && groupsOf(node) > 1 && groupsOf(node) === node.inputShapes[0][2]);

export const isReshape = (node: GraphNode): boolean => isOf(node, "flatten", "reshape");

/** Whether a tensor is learnt for: its node's own are trained, or something before it is. */
export const learns = (node: GraphNode, inputs: readonly Tensor[]): boolean =>
  inputs.some(({ needsGradient }) => needsGradient) || node.tensors.some(({ kept }) => !kept);
