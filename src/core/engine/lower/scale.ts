import { RepackNode } from "../nodes/repack.js";
import { ScaleNode } from "../nodes/scale.js";
import { Tensor } from "../plan/tensor.js";
import type { LowerNode } from "./context.js";

/** In place where nobody else needs what was there before. */
export const lowerScale: LowerNode<"scale"> = (context, node, [input]) => {
  const { name, options } = node.layer;
  let output = input;
  if (input.slope !== undefined || input.readers > 1) {
    output = new Tensor(input.shape, input.grid, input.needsGradient);
    context.push(new RepackNode(`${name} input`, input, output));
  }
  context.push(new ScaleNode(name, output, options.factor));
  return output;
};
