import type { GraphNode } from "../../graph/index.js";
import type { Grid } from "../../kernels/grid.js";
import { isRectifier } from "../../kernels/rectifier.js";
import { winogradShape } from "../../kernels/winograd.js";
import type { ActivationName } from "../../layers/layer.js";
import type { LayerOf } from "../../layers/registry.js";
import { slideWindow2d } from "../../layers/window.js";
import { ConvolutionNode, type FoldedNorm } from "../nodes/convolution.js";
import { DepthwiseNode } from "../nodes/depthwise.js";
import { RepeatChannelsNode } from "../nodes/repeat-channels.js";
import { WinogradNode } from "../nodes/winograd.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { applyActivation } from "./activation.js";
import {
  groupsOf,
  isDepthwise,
  isOf,
  type LoweringContext,
  type LowerNode,
  learns,
  type NodeOf,
} from "./context.js";
import { foldedNorm, normBehind } from "./folded-norm.js";
import { lowerGroups } from "./groups.js";
import type { Sliding } from "./sliding.js";

export const lowerConv2d: LowerNode<"conv2d"> = (context, node, [input]) => {
  const { kernelSize, strides, dilation, activation } = node.layer.options;
  const { height, width } = slideWindow2d(node.layer, node.inputShapes[0], node.layer.options);
  const padding = [height.before, width.before] as const;
  const sliding = { kernelSize, strides, padding, dilation };
  if (!isDepthwise(node) && groupsOf(node) > 1) return lowerGroups(context, node, input, sliding);
  const [, , channels] = node.inputShapes[0];
  const from = isDepthwise(node) ? repeated(context, node, input, node.shape[2] / channels) : input;
  return lowerProduct(context, node, from, activation, sliding);
};

/** A dense layer is a convolution over one pixel. */
export const lowerDense: LowerNode<"dense"> = (context, node, [input]) =>
  lowerProduct(context, node, input, node.layer.options.activation, {
    kernelSize: [1, 1],
    strides: [1, 1],
    padding: [0, 0],
  });

export const lowerDepthwise: LowerNode<"depthwiseConv2d"> = (context, node, [input]) => {
  const { kernelSize, strides, dilation, activation, depthMultiplier } = node.layer.options;
  const { height, width } = slideWindow2d(node.layer, node.inputShapes[0], node.layer.options);
  const from = repeated(context, node, input, depthMultiplier);
  const padding = [height.before, width.before] as const;
  return lowerProduct(context, node, from, activation, { kernelSize, strides, padding, dilation });
};

/** Every channel so many times, for a depthwise convolution that makes as many of each. */
function repeated(context: LoweringContext, node: GraphNode, input: Tensor, times: number): Tensor {
  if (times === 1) return input;
  const [down, across, channels] = node.inputShapes[0];
  const shape = [down, across, channels * times];
  const output = new Tensor(shape, gridOf(shape), input.needsGradient);
  context.push(new RepeatChannelsNode(`${node.layer.name} channels`, input, output, times));
  return output;
}

type Pool = LayerOf<"maxPool2d" | "averagePool2d">;

function lowerProduct(
  context: LoweringContext,
  node: NodeOf<"conv2d" | "dense" | "depthwiseConv2d">,
  input: Tensor,
  own: ActivationName,
  sliding: Sliding,
): Tensor {
  const needsGradient = learns(node, [input]);
  const { joined, norm, activation } = whatJoins(context, node, own, needsGradient);
  const reader = context.soleReader(joined.at(-1) ?? node);
  const pool = isOf(reader, "maxPool2d", "averagePool2d") ? reader.layer : undefined;
  const reluAhead = pool?.type === "maxPool2d" && activation === "relu";
  // Nothing but the pool may read what it does not keep.
  const transient = pool !== undefined && (activation === "linear" || reluAhead);
  const grid = gridOf(node.shape);
  const output = new Tensor(node.shape, transient ? readByPool(grid, pool) : grid, needsGradient);
  const geometry = { input: input.grid, output: output.grid, ...sliding };
  const rectifier = isRectifier(activation) && !reluAhead ? activation : undefined;
  const options = {
    rectifier,
    kernel: context.parameter(node, "kernel", input.grid.channels),
    bias: node.layer.options.useBias === false ? undefined : context.parameter(node, "bias"),
    norm,
    transient,
  };
  const { name } = node.layer;
  const depthwise = isDepthwise(node);
  const shape = context.winograd && !depthwise ? winogradShape(geometry) : undefined;
  context.push(
    shape
      ? new WinogradNode(name, input, output, shape, options)
      : new (depthwise ? DepthwiseNode : ConvolutionNode)(name, input, output, geometry, options),
  );
  if (rectifier) output.slope = rectifier;
  output.reluAhead = reluAhead;
  for (const each of joined) context.absorb(each, output);
  return activation === "linear" || isRectifier(activation)
    ? output
    : applyActivation(context, `${name} ${activation}`, output, { kind: activation });
}

/** What alone reads a product and is done with it: a normalization, in inference or frozen, and an activation of its own. */
function whatJoins(
  context: LoweringContext,
  node: GraphNode,
  own: ActivationName,
  needsGradient: boolean,
): { joined: readonly GraphNode[]; norm?: FoldedNorm; activation: ActivationName } {
  if (own !== "linear") return { joined: [], activation: own };
  const next = normBehind(context, node, own, needsGradient);
  const norm = next && foldedNorm(context, next);
  const joined: readonly GraphNode[] = next ? [next] : [];
  const after = context.soleReader(next ?? node);
  if (!isOf(after, "activation") || !isRectifier(after.layer.options.function))
    return { joined, norm, activation: "linear" };
  return { joined: [...joined, after], norm, activation: after.layer.options.function };
}

/** The part of a grid that a pool's windows touch. */
function readByPool(grid: Grid, { options: { poolSize, strides } }: Pool): Grid {
  const reach = (size: number, axis: 0 | 1): number =>
    Math.min(size, Math.floor((size - poolSize[axis]) / strides[axis]) * strides[axis] + poolSize[axis]);
  const width = reach(grid.width, 1);
  return { ...grid, height: reach(grid.height, 0), width, pitch: width };
}
