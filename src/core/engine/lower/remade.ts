import { BatchNormNode } from "../nodes/batch-norm.js";
import { PoolNode } from "../nodes/pool.js";
import { RemadeNode } from "../nodes/remade.js";
import type { Node } from "../plan/node.js";

/**
 * The nodes of a network that trains, and between them those that make some tensors twice: what a normalization, and
 * activations in place behind it, make of numbers that are kept anyway. Such a tensor lies in the threads' scratch both
 * times, and never in memory for the whole batch, where its one reader reads it on the way back sample by sample, or
 * doesn't and the activation's slope alone is read from it. So does the gradient that a pool sends back to a
 * normalization: it is told to send it twice.
 */
export function withRemade(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node, index) => {
    const { input, readsBack } = node;
    if (!input?.needsGradient || input.readers !== 1) return [node];
    const makers = makersOf(nodes, index);
    const [maker] = makers;
    if (node instanceof PoolNode && maker instanceof BatchNormNode && makers.length === 1)
      maker.gradientMaker = node;
    if (makers.length === 0 || readsBack === undefined) return [node];
    // The way back goes from the last to the first.
    if (readsBack === "in chain") return [node, new RemadeNode(makers)];
    return makers.length > 1 ? [new RemadeNode(makers), node] : [node];
  });
}

/** Those before a node that make its input out of what a normalization reads; none where others have a part in it. */
function makersOf(nodes: readonly Node[], index: number): readonly Node[] {
  const { input } = nodes[index];
  for (let first = index - 1; first >= 0; first--) {
    const node = nodes[first];
    if (node.output !== input || !node.again) return [];
    if (node instanceof BatchNormNode) return nodes.slice(first, index);
  }
  return [];
}
