import type { Layer } from "../core/layers/index.js";
import { layersOf } from "./expression.js";
import type { Draft, View } from "./view.js";

const known = new WeakMap<View, View>();

/** A view whose function of each value has become layers; undefined where none compute it. */
export function recognized(view: View): View | undefined {
  const { expression } = view;
  if (!expression) return view;
  const before = known.get(view);
  if (before) return before;
  const layers = layersOf((x) => expression.at(x));
  if (!layers) return undefined;
  const made = behind(view, layers);
  known.set(view, made);
  return made;
}

/** A view with layers behind it that leave its shape as it is. */
export function behind({ expression: _, ...view }: View, layers: readonly Layer[]): View {
  const draft = layers.reduce<Draft>(
    (before, layer) => ({ layer, inputs: [before], shape: before.shape, weights: {}, name: "" }),
    view.draft,
  );
  return { ...view, draft, sole: layers.length > 0 || view.sole };
}
