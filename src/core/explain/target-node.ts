import { HeddleError } from "../errors.js";
import type { Graph, GraphNode } from "../graph/index.js";
import { layerText, shapeText } from "../layers/shape.js";

const convolutions = ["conv2d", "depthwiseConv2d"];

/** Whether a node gives an image of more than one pixel. */
const isSpatial = ({ shape }: GraphNode): boolean => shape.length === 3 && shape[0] * shape[1] > 1;

const size = ({ shape }: GraphNode): string => shape.slice(0, 2).join();

/** Whether a model has a convolution that Grad-CAM can look at. */
export const hasTarget = ({ nodes }: Graph): boolean => lastConvolution(nodes) !== undefined;

const lastConvolution = (nodes: readonly GraphNode[]): GraphNode | undefined =>
  nodes.findLast((node) => convolutions.includes(node.layer.type) && isSpatial(node));

/**
 * The node whose maps Grad-CAM weighs: the last convolution's, with what normalizes, activates and joins them: of the nodes
 * of that size through which everything goes, the last, as the output of the last block of a residual network.
 *
 * @param name of a layer, in place of that
 * @throws HeddleError on a layer that isn't there or gives no images, and where no convolution does
 */
export function targetNode(graph: Graph, name?: string): GraphNode {
  const { nodes } = graph;
  if (name !== undefined) return namedNode(nodes, name);
  const convolution = lastConvolution(nodes);
  if (!convolution) {
    throw new HeddleError(
      "Grad-CAM weighs the maps of a convolution, but this model has none of more than one pixel. Occlusion explains any model.",
    );
  }
  const passages = nodesThatAllPass(graph);
  const after = nodes.findLast(
    (node) =>
      node.index > convolution.index &&
      passages.has(node.index) &&
      isSpatial(node) &&
      size(node) === size(convolution),
  );
  return after ?? convolution;
}

function namedNode(nodes: readonly GraphNode[], name: string): GraphNode {
  const node = nodes.find(({ layer }) => layer.name === name);
  if (!node) {
    const spatial = nodes.filter(isSpatial).map(({ layer }) => layer.name);
    throw new HeddleError(
      `The model has no layer named ${JSON.stringify(name)}. Those that give images are ${spatial.join(", ")}.`,
    );
  }
  if (isSpatial(node)) return node;
  throw new HeddleError(
    `${layerText(node.layer)} gives ${shapeText(node.shape)}, expected images of more than one pixel, [height, width, channels]. Name a convolution.`,
  );
}

/** The nodes that every way from the images to the output goes through. */
function nodesThatAllPass({ nodes }: Graph): ReadonlySet<number> {
  const passages = new Set<number>();
  // What is read behind a node of what lies before it goes past it.
  let earliestOpen = Number.POSITIVE_INFINITY;
  for (const { index, inputs } of nodes.toReversed()) {
    if (index <= earliestOpen) passages.add(index);
    earliestOpen = Math.min(earliestOpen, ...inputs);
  }
  return passages;
}
