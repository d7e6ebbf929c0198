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
 * convolutions and of groups, which are many small ones; what reads the images, that is the input kernels of the layers
 * that no layer with weights stands before; and what makes the logits, the layers that no layer with weights stands
 * behind on some way to the output.
 */
export function muonMatrices({ nodes }: Graph): ReadonlyMap<string, MatrixShape> {
  const hasMatrices = ({ tensors }: GraphNode): boolean => tensors.some(({ shape }) => shape.length > 1);
  /** Whether a layer with weights stands before a node. Nodes stand behind all that they read. */
  const later: boolean[] = [];
  for (const { index, inputs } of nodes)
    later[index] = inputs.some((input) => input !== images && (hasMatrices(nodes[input]) || later[input]));
  /** Whether a way leads from a node to the output on which no layer with weights follows. */
  const last: boolean[] = [];
  for (const { index, readers } of nodes.toReversed())
    last[index] =
      readers.length === 0 || readers.some((reader) => last[reader] && !hasMatrices(nodes[reader]));
  const hidden = nodes
    .filter((node) => hasMatrices(node) && !last[node.index])
    .flatMap((node) =>
      node.tensors
        .filter(({ shape, kept, kernels }) => shape.length > 1 && !kept && !kernels)
        .filter(({ name }) => later[node.index] || name.endsWith("recurrentKernel"))
        .map(({ name, shape }) => [name, matrixShape(shape)] as const),
    );
  return new Map(hidden);
}

function matrixShape(shape: Shape): MatrixShape {
  const columns = shape[shape.length - 1];
  return { rows: shapeSize(shape.slice(0, -1)), columns };
}
