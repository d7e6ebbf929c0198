import { ScaleNode } from "../nodes/scale.js";
import type { LowerNode } from "./context.js";
import { overwritten } from "./overwritten.js";

/** In place where nobody else needs what was there before. */
export const lowerScale: LowerNode<"scale"> = (context, node, [input]) => {
  const { name, options } = node.layer;
  const output = overwritten(context, name, input, input.slope === undefined);
  context.push(new ScaleNode(name, output, options.factor));
  return output;
};
