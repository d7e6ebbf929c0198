import { AddNode } from "../nodes/add.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { type LowerNode, learns } from "./context.js";
import { rectifierBehind } from "./rectifier-behind.js";

export const lowerAdd: LowerNode<"add"> = (context, node, inputs) => {
  const output = new Tensor(node.shape, gridOf(node.shape), learns(node, inputs));
  const { rectifier, joined } = rectifierBehind(context, node);
  context.push(new AddNode(node.layer.name, inputs, output, rectifier));
  if (joined) context.absorb(joined, output);
  output.slope = rectifier;
  return output;
};
