import { ConcatenateNode } from "../nodes/concatenate.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { type LowerNode, learns } from "./context.js";

export const lowerConcatenate: LowerNode<"concatenate"> = (context, node, inputs) => {
  const output = new Tensor(node.shape, gridOf(node.shape), learns(node, inputs));
  context.push(new ConcatenateNode(node.layer.name, inputs, output));
  return output;
};
