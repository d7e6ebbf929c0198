import { layersOf, linearOf } from "./expression.js";
import { joined } from "./joined.js";
import type { NodeContext } from "./node-context.js";
import { scaledAndShifted } from "./per-channel.js";
import { behind, recognized } from "./recognize.js";
import type { View } from "./view.js";

/**
 * A view whose function of each value has become layers: of the whole function where there is one for it, else of its
 * parts, one behind the other.
 *
 * @throws HeddleError naming the node that reads it, where a part is none of heddle's
 */
export function settled(view: View, context: NodeContext): View {
  const { expression, over } = view;
  if (over) {
    const { pooled } = over;
    if (pooled) return { ...pooled(), dims: view.dims };
    return context.refuse(
      "it reads what comes of means over channels, which heddle has in a layer normalization alone",
    );
  }
  const known = recognized(view);
  if (known || !expression) return known ?? view;
  const { parts = [], joins, step, words } = expression;
  const before = parts.map((part) =>
    settled({ ...view, least: Number.NEGATIVE_INFINITY, expression: part }, context),
  );
  const made = step
    ? stepped(before[0], step, words, context)
    : joins
      ? joined(joins, before, context)
      : context.refuse(`it reads ${words} of two values of an image, which none of heddle's layers computes`);
  return { ...made, least: view.least };
}

function stepped(view: View, f: (x: number) => number, words: string, context: NodeContext): View {
  const layers = layersOf(f);
  if (layers) return behind(view, layers);
  const linear = linearOf(f);
  if (linear)
    return scaledAndShifted(view, undefined, { factor: [linear.factor], shift: [linear.shift] }, context);
  return context.refuse(`it reads ${words} of values, which none of heddle's activations computes`);
}
