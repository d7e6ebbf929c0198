import type { TensorSpec } from "../layers/layer.js";
import type { Graph, GraphNode } from "./graph.js";

/**
 * The same graph with some of its trained tensors kept as they are. Running statistics stay too where none of their
 * layer's other tensors is trained.
 *
 * @param isFrozen asked of their full names
 */
export function freeze(graph: Graph, isFrozen: (name: string) => boolean): Graph {
  const nodes = graph.nodes.map((node): GraphNode => {
    const tensors = node.tensors.map(
      (spec): TensorSpec => (spec.kept || !isFrozen(spec.name) ? spec : { ...spec, kept: true }),
    );
    const trained = tensors.some(({ kept }) => !kept);
    return { ...node, tensors: trained ? tensors : tensors.map(({ running: _, ...spec }) => spec) };
  });
  return { ...graph, nodes };
}

/** Whether a step of training moves a tensor: the optimizer does, or it follows what the step sees. */
export const moves = ({ kept, running }: Pick<TensorSpec, "kept" | "running">): boolean =>
  !kept || running === true;
