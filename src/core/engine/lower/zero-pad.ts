import { ZeroPadNode } from "../nodes/zero-pad.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import type { LowerNode } from "./context.js";

export const lowerZeroPad: LowerNode<"zeroPad2d"> = (context, node, [input]) => {
  const { top, left } = node.layer.options.padding;
  const output = new Tensor(node.shape, gridOf(node.shape), input.needsGradient);
  context.push(new ZeroPadNode(node.layer.name, input, output, { top, left }));
  return output;
};
