import { type Graph, type GraphNode, images } from "../graph/index.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";

/** A tensor as a matrix of its inputs down and its outputs across. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The tensors that Muon takes, by name (`C2.kernel`): every trained kernel of two or more axes but those of depthwise
 * convolutions and of groups, which are many small ones, what reads the images, that is the input kernels of the first layers with weights, and what makes the logits, the whole last layer
 * with weights.
 */
export function muonMatrices({ nodes }: Graph): ReadonlyMap<string, MatrixShape> {
  const hasMatrices = ({ tensors }: GraphNode): boolean => tensors.some(({ shape }) => shape.length > 1);
  const last = nodes.findLastIndex(hasMatrices);
  /** Whether no layer with weights stands before a node. */
  const first = (node: GraphNode): boolean =>
    node.inputs.every((index) => index === images || (!hasMatrices(nodes[index]) && first(nodes[index])));
  const hidden = nodes
    .slice(0, Math.max(0, last))
    .filter(hasMatrices)
    .flatMap((node) =>
      node.tensors
        .filter(({ shape, kept, kernels }) => shape.length > 1 && !kept && !kernels)
        .filter(({ name }) => !first(node) || name.endsWith("recurrentKernel"))
        .map(({ name, shape }) => [name, matrixShape(shape)] as const),
    );
  return new Map(hidden);
}

function matrixShape(shape: Shape): MatrixShape {
  const columns = shape[shape.length - 1];
  return { rows: shapeSize(shape.slice(0, -1)), columns };
}
