import { BatchNormNode } from "../nodes/batch-norm.js";
import { PoolNode } from "../nodes/pool.js";
import { RemadeNode } from "../nodes/remade.js";
import type { Node } from "../plan/node.js";
import type { Tensor } from "../plan/tensor.js";

/**
 * The nodes, and behind some of them those that make their input twice: what a normalization, and an activation in
 * place behind it, make of numbers that are kept anyway, for a layer that alone reads it and goes back sample by sample.
 * Such a tensor lies in the threads' scratch both times, and never in memory for the whole batch. So does the gradient
 * that a pool alone sends back to a normalization, which needs it before and after all threads have met.
 */
export function withRemade(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node, index) => {
    const input = "input" in node ? (node.input as Tensor) : undefined;
    if (!input?.needsGradient || input.readers !== 1) return [node];
    const before = nodes[index - 1];
    if (node instanceof PoolNode && before instanceof BatchNormNode && before.output === input)
      before.gradientMaker = node;
    if (!node.goesBackInChain) return [node];
    const makers = makersOf(nodes.slice(0, index), input);
    return makers.length === 0 ? [node] : [node, new RemadeNode(makers, node)];
  });
}

/** The last of these nodes, as far as they make a tensor out of a normalization's input; none where others do. */
function makersOf(nodes: readonly Node[], tensor: Tensor): readonly Node[] {
  const makers: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (node.output !== tensor || !node.again) return [];
    makers.unshift(node);
    if (node instanceof BatchNormNode) return makers;
  }
  return [];
}
