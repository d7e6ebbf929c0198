import type { GraphNode } from "../../graph/index.js";
import { BatchNormNode, type BatchNormTensors } from "../nodes/batch-norm.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { type LoweringContext, type LowerNode, learns } from "./context.js";
import { rectifierBehind } from "./rectifier-behind.js";

export function normTensors(context: LoweringContext, node: GraphNode): BatchNormTensors {
  return {
    gamma: context.parameter(node, "gamma"),
    beta: context.parameter(node, "beta"),
    runningMean: context.parameter(node, "runningMean"),
    runningVariance: context.parameter(node, "runningVariance"),
  };
}

export const lowerBatchNorm: LowerNode<"batchNorm"> = (context, node, [input]) => {
  const { layer, shape } = node;
  const output = new Tensor(shape, gridOf(shape), learns(node, [input]));
  const tensors = normTensors(context, node);
  const trained = node.tensors.some(({ kept }) => !kept);
  const { rectifier, joined } = rectifierBehind(context, node);
  context.push(new BatchNormNode(layer.name, input, output, tensors, layer.options, trained, rectifier));
  if (joined) context.absorb(joined, output);
  return output;
};
