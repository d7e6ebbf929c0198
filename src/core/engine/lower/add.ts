import { AddNode } from "../nodes/add.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { type LowerNode, learns } from "./context.js";

export const lowerAdd: LowerNode<"add"> = (context, node, inputs) => {
  const output = new Tensor(node.shape, gridOf(node.shape), learns(node, inputs));
  context.push(new AddNode(node.layer.name, inputs, output));
  return output;
};
