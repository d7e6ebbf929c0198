import { add, multiply, scale } from "../core/layers/index.js";
import { dimsText, draftOf, inOrder, lengths, reshaped } from "./layout.js";
import type { NodeContext } from "./node-context.js";
import { behind } from "./recognize.js";
import { type Draft, lengthOf, sameAtoms, type View } from "./view.js";

/** Views joined value by value; of products one may have a number a channel. */
export function joined(operator: "Add" | "Sub" | "Mul", given: readonly View[], context: NodeContext): View {
  const views = operator === "Sub" ? [given[0], behind(given[1], [scale(-1)])] : given;
  const [first] = views;
  const positive = operator !== "Sub" && views.every(({ least }) => least >= 0);
  const least = positive ? 0 : Number.NEGATIVE_INFINITY;
  const sizes = lengths(first).join();
  if (views.every((view) => lengths(view).join() === sizes)) {
    const { drafts, axes } = alike(views, context);
    const made = draftOf(() => (operator === "Mul" ? multiply() : add()), drafts, context);
    return { ...first, axes, draft: made, least, sole: true };
  }
  if (operator === "Mul" && views.length === 2) return weighed(views, least, context);
  return context.refuse(
    `heddle joins values of one shape, but these are ${views.map((view) => dimsText(view, context)).join(" and ")}`,
  );
}

/** Drafts of one shape that hold views of one size in one order, and the axes of the first as they lie then. */
function alike(
  views: readonly View[],
  context: NodeContext,
): { readonly drafts: readonly Draft[]; readonly axes: View["axes"] } {
  const [first] = views;
  const { shape } = first.draft;
  if (views.every((view) => pattern(view) === pattern(first)))
    return { drafts: views.map(({ draft }) => reshaped(draft, shape, context)), axes: first.axes };
  // Where the first's axes within one of the file's lie otherwise than there, it changes places as others do.
  const order = orderOfDims(first);
  const axes = order.flatMap((dim) => first.dims[dim]);
  const drafts = views.map((view) => inOrder(view, order, context));
  const isInPlace = sameAtoms(axes, first.axes);
  return { drafts: isInPlace ? drafts.map((draft) => reshaped(draft, shape, context)) : drafts, axes };
}

/** How a view's axes lie in what heddle computes, apart from which they are. */
const pattern = ({ axes, dims }: View): string =>
  `${axes.map(({ size }) => size).join()}/${dims.map((atoms) => atoms.map((atom) => axes.indexOf(atom)).join()).join(";")}`;

/** The file's axes without the batch's in the order in which heddle computes them. */
export function orderOfDims({ axes, dims }: View): readonly number[] {
  return dims
    .map((atoms, dim) => ({ dim, at: Math.min(...atoms.map((atom) => axes.indexOf(atom))) }))
    .filter(({ at }) => at >= 0 && Number.isFinite(at))
    .sort((a, b) => a.at - b.at)
    .map(({ dim }) => dim);
}

/** An image times a number for each of its channels. */
function weighed([a, b]: readonly View[], least: number, context: NodeContext): View {
  const [whole, gate] = lengthOf(a.axes) >= lengthOf(b.axes) ? [a, b] : [b, a];
  const axis = gate.dims.findIndex((atoms, index) => index > 0 && atoms.length > 0);
  const fits =
    axis > 0 &&
    gate.dims.length === whole.dims.length &&
    sameAtoms(gate.dims[axis], gate.axes) &&
    lengthOf(gate.dims[axis]) === lengthOf(whole.dims[axis]) &&
    sameAtoms(whole.dims[axis], whole.axes.slice(whole.axes.length - whole.dims[axis].length));
  if (!fits)
    return context.refuse(
      `heddle multiplies values of one shape, or with one number a channel, but these are ${dimsText(a, context)} and ${dimsText(b, context)}`,
    );
  const channels = lengthOf(gate.axes);
  const image = reshaped(whole.draft, [lengthOf(whole.axes) / channels, 1, channels], context);
  const is3d = whole.draft.shape.length === 3 && whole.draft.shape[2] === channels;
  const read = [is3d ? whole.draft : image, reshaped(gate.draft, [channels], context)];
  const made = draftOf(() => multiply(), read, context);
  return { ...whole, draft: reshaped(made, whole.draft.shape, context), least, sole: true };
}
