import { type Graph, graphOf } from "../core/graph/index.js";
import { uniqueNames } from "../core/graph/naming.js";
import { input, type Layer, type Value } from "../core/layers/index.js";
import { apply } from "../core/layers/value.js";
import type { NamedTensor } from "../core/named-tensor.js";
import type { Affine, Draft } from "./view.js";

/** A graph of heddle's layers with its weights, and how images enter it. */
export interface BuiltGraph {
  readonly graph: Graph;
  readonly weights: readonly NamedTensor[];
  readonly affine: Affine;
}

/** Names that mean something else among a model's tensors. */
const reserved = new Set(["normalization"]);

/**
 * The layers that lead to a draft, named and applied.
 *
 * @param refuse is told what keeps them from being a graph
 */
export function buildGraph(output: Draft, refuse: (why: string) => never): BuiltGraph {
  const drafts = inOrder(output);
  const images = drafts.filter(({ layer }) => !layer);
  const [first] = images;
  if (!first || output === first) return refuse("no layer leads from its images to its output");
  if (images.some(({ affine }) => !sameAffine(affine!, first.affine!)))
    return refuse("its nodes read the images under more than one scale, where heddle has one normalization");
  const layered = drafts.filter(({ layer }) => layer);
  const names = namesOf(layered);
  const values = new Map<Draft, Value>();
  const entry = input(first.shape);
  for (const image of images) values.set(image, entry);
  layered.forEach((draft, index) => {
    const layer: Layer = draft.layer!.withName(names[index]);
    const read = draft.inputs.map((each) => values.get(each)!);
    values.set(draft, apply(layer, layer.inputs === "one" ? read[0] : read));
  });
  const graph = graphOf(entry, values.get(output)!);
  const byName = new Map(layered.map((draft, index) => [names[index], draft]));
  const weights = graph.nodes.flatMap(({ layer, tensors }) =>
    tensors.map(({ name, shape }) => {
      const data = byName.get(layer.name)!.weights[name.slice(layer.name.length + 1)];
      return { name, shape, data };
    }),
  );
  return { graph, weights, affine: first.affine! };
}

const sameAffine = (a: Affine, b: Affine): boolean =>
  a.scale.every((each, channel) => each === b.scale[channel] && a.shift[channel] === b.shift[channel]);

/** Each draft behind those that it reads. A walk by hand, since graphs may be deep. */
function inOrder(output: Draft): readonly Draft[] {
  const order: Draft[] = [];
  const seen = new Set([output]);
  const path = [{ draft: output, next: 0 }];
  while (path.length > 0) {
    const top = path[path.length - 1];
    const next = top.draft.inputs[top.next++];
    if (next === undefined) {
      order.push(top.draft);
      path.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      path.push({ draft: next, next: 0 });
    }
  }
  return order;
}

/** The file's own names where they tell layers apart, the usual ones elsewhere. */
function namesOf(drafts: readonly Draft[]): readonly string[] {
  const taken = new Set(reserved);
  const own = drafts.map(({ name, layer }) => {
    const isTaken = name === "" || name.length > 60 || taken.has(name);
    taken.add(name);
    return { type: layer!.type, name: isTaken ? "" : name };
  });
  return uniqueNames(own);
}
