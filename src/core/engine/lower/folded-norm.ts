import type { GraphNode } from "../../graph/index.js";
import type { ActivationName } from "../../layers/layer.js";
import type { FoldedNorm } from "../nodes/convolution.js";
import type { PackedParameter } from "../plan/parameters.js";
import { normTensors } from "./batch-norm.js";
import { isOf, type LoweringContext, type NodeOf } from "./context.js";

/**
 * The normalization that folds into a product: the one that alone reads it, with nothing between; in inference, or where
 * it is frozen and nothing of the product or before it learns.
 */
export function normBehind(
  context: LoweringContext,
  node: GraphNode,
  own: ActivationName,
  needsGradient: boolean,
): NodeOf<"batchNorm"> | undefined {
  const next = context.soleReader(node);
  if (own !== "linear" || !isOf(next, "batchNorm")) return undefined;
  const { folding } = context;
  const frozen = folding === "frozen" && !needsGradient && next.tensors.every(({ kept }) => kept);
  return folding === "all" || frozen ? next : undefined;
}

export const foldedNorm = (context: LoweringContext, node: NodeOf<"batchNorm">): FoldedNorm => ({
  name: node.layer.name,
  tensors: normTensors(context, node),
  settings: node.layer.options,
});

/** The part of a normalization that is some of its channels': of so many, from one on, both multiples of four. */
export function normOf(norm: FoldedNorm, first: number, channels: number): FoldedNorm {
  const part = (parameter: PackedParameter): PackedParameter => ({
    ...parameter,
    get offset() {
      return parameter.offset + first;
    },
    length: channels,
  });
  const { gamma, beta, runningMean, runningVariance } = norm.tensors;
  return {
    ...norm,
    name: `${norm.name} from ${first}`,
    tensors: {
      gamma: part(gamma),
      beta: part(beta),
      runningMean: part(runningMean),
      runningVariance: part(runningVariance),
    },
  };
}
