import type { GraphNode } from "../../graph/index.js";
import { isRectifier, type Rectifier } from "../../kernels/rectifier.js";
import { isOf, type LoweringContext } from "./context.js";

/** The rectifier that alone reads a node: it costs next to nothing where the node stores its output. */
export function rectifierBehind(
  context: LoweringContext,
  node: GraphNode,
): { readonly rectifier?: Rectifier; readonly joined?: GraphNode } {
  const reader = context.soleReader(node);
  if (!isOf(reader, "activation") || !isRectifier(reader.layer.options.function)) return {};
  return { rectifier: reader.layer.options.function, joined: reader };
}
