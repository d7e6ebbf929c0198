import { windowZeros } from "#heddle/bench/window-zeros.js";
import { type Graph, images } from "#heddle/core/graph/index.js";
import type { NetworkDescription } from "../../bench/rivals/question.js";

/** A network as rivals build it. */
export function describeNetwork({ inputShape, nodes }: Graph): NetworkDescription {
  const nameOf = (index: number): string => (index === images ? "$images" : nodes[index].layer.name);
  return {
    inputShape,
    nodes: nodes.map((node) => {
      const config = node.layer.config();
      const place = { reads: node.inputs.map(nameOf), inputShape: node.inputShapes[0] };
      if (config.padding === undefined) return { ...config, ...place };
      const { top, bottom, left, right } = windowZeros(node);
      return { ...config, ...place, zeros: [top, bottom, left, right] };
    }),
  };
}
