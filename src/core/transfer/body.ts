import { classesKind } from "../data/labels.js";
import { HeddleError } from "../errors.js";
import { checkGraph, type Graph, type GraphNode, graphOf, images, rebuild } from "../graph/index.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import type { Shape } from "../layers/layer.js";
import { shapeText } from "../layers/shape.js";
import { checkValue, type OptionTable, resolveOptions, share } from "../options/index.js";
import { imageShapeKind } from "./options.js";

/** What a classifier works out before its last dense layer tells classes apart. */
export interface Body {
  /** From the images to the features, [C]. */
  readonly graph: Graph;
  /** C, how many numbers an image comes to. */
  readonly features: number;
}

/** Layers behind the dense one that a head of its own does without. */
const passing = ["dropout", "scale", "softmax"];

/** What a classifier may end in; features end in others. */
const endings: readonly unknown[] = ["linear", "sigmoid"];

/**
 * A classifier's body: its graph up to what its last dense layer reads. A graph that ends in no dense layer, as one that
 * was exported without it, is all body.
 *
 * @param inputShape [H, W, C] of the images that it is to take (default: its own)
 * @throws UsageError on what is no graph or no shape of images
 * @throws HeddleError where its features aren't a list of numbers, or images of that shape are not for it
 */
export function bodyOf(whole: Graph, inputShape: Shape = checkGraph("bodyOf", whole).inputShape): Body {
  const { nodes, inputShape: own } = checkGraph("bodyOf", whole);
  checkValue("bodyOf", "inputShape", inputShape, imageShapeKind);
  const before = (node: GraphNode): GraphNode | undefined =>
    node.inputs.length === 1 && node.inputs[0] !== images ? nodes[node.inputs[0]] : undefined;
  const end = nodes[nodes.length - 1];
  let last: GraphNode | undefined = end;
  while (last && (passing.includes(last.layer.type) || isEnding(last, "activation", "function")))
    last = before(last);
  last = last && isEnding(last, "dense", "activation") ? before(last) : end;
  while (last?.layer.type === "dropout") last = before(last);
  if (!last)
    throw new HeddleError(
      "The model has no layer before its last dense one, so that it has no body to stand on. Give a deeper model.",
    );
  if (own[2] !== inputShape[2])
    throw new HeddleError(
      `The body takes images of ${own[2]} ${own[2] === 1 ? "channel" : "channels"}, but these have ${inputShape[2]}. Prepare them with ${own[2]}.`,
    );
  const { entry, valueAt } = rebuild(nodes, [last.index], inputShape);
  const graph = graphOf(entry, valueAt(last.index));
  const { outputShape } = graph;
  if (outputShape.length !== 1)
    throw new HeddleError(
      `The body ends in ${shapeText(outputShape)}, expected a list of features. Give a model that pools or flattens before its last layer.`,
    );
  const asItWas = nodes.flatMap(({ tensors }) => tensors);
  for (const { tensors } of graph.nodes)
    for (const { name, shape } of tensors) {
      const before = asItWas.find((spec) => spec.name === name)!.shape;
      if (shapeText(shape) === shapeText(before)) continue;
      throw new HeddleError(
        `The body was trained on images of ${shapeText(own)}, and its ${name} is of ${shapeText(before)}, which images of ${shapeText(inputShape)} have no use for. Prepare them as ${own[0]} × ${own[1]}.`,
      );
    }
  return { graph, features: outputShape[0] };
}

/** Whether a layer of a type has an activation that a classifier may end in. */
function isEnding({ layer }: GraphNode, type: string, option: string): boolean {
  return layer.type === type && endings.includes((layer.options as Record<string, unknown>)[option]);
}

/** A head's layers over a body. */
export interface HeadOptions {
  /** How many it tells apart. */
  readonly classes: number;
  /** Share of the features that is dropped in training before the dense layer (default 0). */
  readonly dropoutRate?: number | undefined;
}

const headOptions = {
  classes: { meaning: "how many classes are told apart", kind: classesKind },
  dropoutRate: { meaning: "share of the features that is dropped in training", kind: share(), default: 0 },
} satisfies OptionTable<HeadOptions>;

/** A classifier and what its last dense layer is called. */
export interface HeadedBody {
  readonly graph: Graph;
  readonly head: string;
}

/** A body with a new dense layer that tells classes apart. @throws UsageError on an option that is not allowed */
export function withHead(body: Body, options: HeadOptions): HeadedBody {
  const { nodes, inputShape } = checkGraph("withHead", body?.graph);
  const { classes, dropoutRate } = resolveOptions("withHead", options, headOptions);
  const last = nodes.length - 1;
  const { entry, valueAt } = rebuild(nodes, [last], inputShape);
  const taken = new Set(nodes.map(({ layer }) => layer.name));
  const free = (name: string): string => {
    for (let number = 1; ; number++) {
      const each = number === 1 ? name : `${name}_${number}`;
      if (!taken.has(each)) return each;
    }
  };
  const head = free("classifier");
  let features = valueAt(last);
  if (dropoutRate > 0) features = dropout({ name: free("classifier_dropout"), rate: dropoutRate })(features);
  return { graph: graphOf(entry, dense({ name: head, units: classes })(features)), head };
}
