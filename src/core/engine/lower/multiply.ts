import { wholeOf } from "../../layers/multiply.js";
import { MultiplyNode } from "../nodes/multiply.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import type { LowerNode } from "./context.js";

/** Two at a time, in the order of the list. */
export const lowerMultiply: LowerNode<"multiply"> = (context, node, [first, ...others]) =>
  others.reduce((a, b) => {
    const shape = wholeOf([a.shape, b.shape]);
    const output = new Tensor(shape, gridOf(shape), a.needsGradient || b.needsGradient);
    context.push(new MultiplyNode(node.layer.name, a, b, output));
    return output;
  }, first);
