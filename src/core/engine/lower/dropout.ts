import { DropoutNode } from "../nodes/dropout.js";
import { Tensor } from "../plan/tensor.js";
import type { LowerNode } from "./context.js";

export const lowerDropout: LowerNode<"dropout"> = (context, node, [input]) => {
  const { layer, shape, index } = node;
  const { rate } = layer.options;
  if (rate === 0 || !context.training) return input;
  // What dropout zeroes has no gradient either: a ReLU's slope is still right after it.
  const apart = input.readers > 1 || (input.slope !== undefined && input.slope !== "relu");
  const output = apart ? new Tensor(shape, input.grid, input.needsGradient) : input;
  context.push(new DropoutNode(layer.name, input, output, rate, index));
  return output;
};
