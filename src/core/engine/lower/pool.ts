import { GlobalAveragePoolNode } from "../nodes/global-average-pool.js";
import { PoolNode } from "../nodes/pool.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { applyActivation } from "./activation.js";
import type { LowerNode } from "./context.js";

export const lowerPool: LowerNode<"maxPool2d" | "averagePool2d"> = (context, node, [input]) => {
  const { layer, shape } = node;
  const output = new Tensor(shape, gridOf(shape), input.needsGradient);
  const kind = layer.type === "maxPool2d" ? "max" : "average";
  context.push(new PoolNode(layer.name, input, output, { kind, ...layer.options }));
  return input.reluAhead ? applyActivation(context, `${layer.name} relu`, output, { kind: "relu" }) : output;
};

export const lowerGlobalAveragePool: LowerNode<"globalAveragePool2d"> = (context, node, [input]) => {
  const output = new Tensor(node.shape, gridOf(node.shape), input.needsGradient);
  context.push(new GlobalAveragePoolNode(node.layer.name, input, output));
  return output;
};

/** A window that is the whole image. */
export const lowerGlobalMaxPool: LowerNode<"globalMaxPool2d"> = (context, node, [input]) => {
  const [height, width] = node.inputShapes[0];
  const output = new Tensor(node.shape, gridOf(node.shape), input.needsGradient);
  const pool = { kind: "max", poolSize: [height, width], strides: [height, width] } as const;
  context.push(new PoolNode(node.layer.name, input, output, pool));
  return output;
};
