import type { GraphNode } from "../../graph/index.js";
import { BatchNormNode, type BatchNormTensors } from "../nodes/batch-norm.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { type LoweringContext, type LowerNode, learns } from "./context.js";

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
  context.push(new BatchNormNode(layer.name, input, output, tensors, layer.options, trained));
  return output;
};
