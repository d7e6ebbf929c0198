import { concatenate, zeroPad2d } from "../../core/layers/index.js";
import { type Constant, constant, sizeOf, transposed, uniformValue, vector } from "../constant.js";
import { concatenated } from "../fold.js";
import { orderOfDims } from "../joined.js";
import { draftOf, imageOf, imageView, inOrder, isBatch, lengths, reshaped, viewOf } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { settled } from "../settle.js";
import { type Atom, atomsOf, lengthOf, sameAtoms, type View } from "../view.js";
import type { Operator } from "./operator.js";

/** A tensor under other axes. */
type Redimensioned = (lengths: readonly number[], node: NodeReader) => readonly number[];

/** Sizes of any value as the file sees them. */
export const dimsOf = (value: View | Constant): readonly number[] =>
  value.kind === "constant" ? value.dims : lengths(value);

const redimensioned =
  (to: Redimensioned): Operator =>
  (node) => {
    const value = node.value(0);
    const target = to(dimsOf(value), node);
    if (
      sizeOf(target) !== sizeOf(dimsOf(value)) ||
      target.some((length) => !Number.isSafeInteger(length) || length < 0)
    )
      return node.refuse(`it makes [${target.join(", ")}] of [${dimsOf(value).join(", ")}]`);
    return value.kind === "constant" ? { ...value, dims: target } : parted(value, target, node);
  };

export const reshape = redimensioned((dims, node) => {
  const wanted = node.opset < 5 ? node.ints("shape") : node.numbers(1, "sizes");
  if (!wanted) return node.refuse("it has no shape");
  const isZeroKept = node.int("allowzero", 0) !== 0;
  const sizes = wanted.map((length, axis) => (length === 0 && !isZeroKept ? (dims[axis] ?? 0) : length));
  const known = sizes.reduce((size, length) => (length === -1 ? size : size * length), 1);
  return sizes.map((length) => (length === -1 ? sizeOf(dims) / known : length));
});

export const flatten = redimensioned((dims, node) => {
  const axis = node.int("axis", 1);
  const counted = axis < 0 ? axis + dims.length : axis;
  return [sizeOf(dims.slice(0, counted)), sizeOf(dims.slice(counted))];
});

/** Axes taken apart and joined so that they come to these lengths. */
export function parted(view: View, target: readonly number[], node: NodeReader): View {
  const { batch } = node;
  let rest: readonly Atom[] = view.dims.flat();
  let { axes } = view;
  const dims = target.map((length) => {
    const taken: Atom[] = [];
    // Of a batch of one image its axis is told from others of that length by coming first.
    if (rest[0] === batch && length === batch.size) {
      taken.push(batch);
      rest = rest.slice(1);
    }
    while (lengthOf(taken) < length) {
      const [next] = rest;
      if (!next) break;
      const missing = length / lengthOf(taken);
      if (missing % next.size === 0) taken.push(next);
      else if (next.size % missing === 0 && next !== batch) {
        const parts = [{ size: missing }, { size: next.size / missing }];
        axes = axes.flatMap((atom) => (atom === next ? parts : [atom]));
        taken.push(parts[0]);
        rest = [next, parts[1], ...rest.slice(1)];
      } else break;
      rest = rest.slice(1);
    }
    return taken;
  });
  if (dims.some((taken, axis) => lengthOf(taken) !== target[axis])) return cutAnew(view, target, node);
  if (rest.length > 0) return node.refuse(`it leaves no axis for images: [${target.join(", ")}]`);
  return { ...view, axes, dims };
}

/** Axes that are cut where they have no seam, by a reshape of heddle's: of what lies there as in the file. */
function cutAnew(view: View, target: readonly number[], node: NodeReader): View {
  const [batchSize, ...shape] = target;
  const { lastStep: _, ...base } = settled(view, node);
  const lies = isBatch(base, 0, node) && sameAtoms(base.dims.slice(1).flat(), base.axes);
  if (!lies || batchSize !== node.batch.size)
    return node.refuse(
      `it cuts axes where they have no seam: [${lengths(view).join(", ")}] to [${target.join(", ")}]`,
    );
  const cut = viewOf(
    reshaped(base.draft, shape, node),
    shape.map((_length, axis) => axis),
    node,
    base.least,
  );
  // What is behind the reshape is others' as much as before.
  return { ...cut, sole: base.sole, ...(base.end && { end: base.end }) };
}

export const squeeze: Operator = (node) => {
  const value = node.value(0);
  const dims = dimsOf(value);
  const given = node.axes("axes", 1)?.map((axis) => node.axis(axis, dims.length));
  const isBatchAxis = (axis: number): boolean => value.kind === "view" && isBatch(value, axis, node);
  const gone = given ?? dims.flatMap((length, axis) => (length === 1 && !isBatchAxis(axis) ? [axis] : []));
  if (gone.some((axis) => dims[axis] !== 1 || isBatchAxis(axis)))
    return node.refuse(`it takes away axes ${gone.join(", ")} of [${dims.join(", ")}], which are not all 1`);
  const stays = (_: unknown, axis: number): boolean => !gone.includes(axis);
  return value.kind === "constant"
    ? { ...value, dims: value.dims.filter(stays) }
    : { ...value, dims: value.dims.filter(stays) };
};

export const unsqueeze: Operator = (node) => {
  const value = node.value(0);
  const axes = node.axes("axes", 1) ?? node.refuse("it has no axes");
  const rank = value.dims.length + axes.length;
  const added = new Set(axes.map((axis) => node.axis(axis, rank)));
  const spread = <Each>(dims: readonly Each[], one: Each): readonly Each[] => {
    let next = 0;
    return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? one : dims[next++]));
  };
  return value.kind === "constant"
    ? { ...value, dims: spread(value.dims, 1) }
    : { ...value, dims: spread(value.dims, []) };
};

export const transpose: Operator = (node) => {
  const value = node.value(0);
  const rank = value.dims.length;
  const order = node.ints("perm") ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, index) => axis !== index))
    return node.refuse(`its perm [${order.join(", ")}] is no order of ${rank} axes`);
  if (value.kind === "view") return { ...value, dims: order.map((axis) => value.dims[axis]) };
  node.count(8 * value.values.length);
  return { ...value, ...transposed(value.dims, value.values, order) };
};

export const shape: Operator = (node) => {
  const dims = dimsOf(node.value(0));
  const bound = (name: string, usual: number): number => {
    const given = node.int(name, usual);
    return Math.min(Math.max(given < 0 ? given + dims.length : given, 0), dims.length);
  };
  return vector(dims.slice(bound("start", 0), bound("end", dims.length)));
};

export const size: Operator = (node) => ({ ...vector([sizeOf(dimsOf(node.value(0)))]), dims: [] });

export const concat: Operator = (node) => {
  const values = node.node.input.map((_, index) => node.value(index));
  const axis = node.axis(node.int("axis", 1), values[0].dims.length);
  const constants = values.filter((value) => value.kind === "constant");
  if (constants.length === values.length) return concatenated(constants, axis, node);
  if (constants.length > 0) return node.refuse("it puts constants beside what depends on the images");
  const views = values.map((value) => settled(value as View, node));
  if (views.length === 1) return views[0];
  return beside(views, axis, node);
};

function beside(views: readonly View[], axis: number, node: NodeReader): View {
  const [first] = views;
  const rank = first.dims.length;
  const dimsWithout = (view: View) =>
    lengths(view)
      .filter((_, index) => index !== axis)
      .join();
  if (views.some((view) => view.dims.length !== rank || dimsWithout(view) !== dimsWithout(first)))
    return node.refuse("what it puts beside each other differs in another axis");
  // The axis that grows must be heddle's last; a length of 1 may stand anywhere.
  const whole =
    views.find(
      (view) => orderOfDims(view).length === views[0].dims.filter((atoms) => atoms.length > 0).length - 1,
    ) ?? first;
  const order = [...orderOfDims(whole).filter((dim) => dim !== axis), axis];
  const drafts = views.map((view) => inOrder(view, order, node));
  const made = draftOf(() => concatenate(), drafts, node);
  const least = Math.min(...views.map((view) => view.least));
  const lead = order.slice(0, -1).flatMap((dim) => whole.dims[dim]);
  const joinedAxis = atomsOf([made.shape[made.shape.length - 1]])[0];
  return {
    kind: "view",
    draft: made,
    axes: [...lead, ...joinedAxis],
    dims: whole.dims.map((atoms, dim) => (dim === axis ? joinedAxis : atoms)),
    least,
    sole: true,
  };
}

/** Pad with zeros around an image. */
export const pad: Operator = (node) => {
  const value = node.value(0);
  const rank = value.dims.length;
  const mode = node.text("mode", "constant");
  if (mode !== "constant") return node.refuse(`its mode is "${mode}", where heddle pads with zeros alone`);
  const given = node.opset < 11 ? (node.ints("pads") ?? node.ints("paddings")) : node.numbers(1, "pads");
  const fill =
    node.opset < 11 ? node.float("value", 0) : node.has(2) ? uniformValue(node.constant(2, "value")) : 0;
  const axes = node.has(3) ? node.numbers(3, "axes").map((axis) => node.axis(axis, rank)) : undefined;
  const count = axes?.length ?? rank;
  if (given?.length !== 2 * count)
    return node.refuse(`its pads are [${given?.join(", ")}] for ${count} axes`);
  const ends = Array.from({ length: rank }, (_, axis) => {
    const at = axes ? axes.indexOf(axis) : axis;
    return at < 0 ? [0, 0] : [given[at], given[at + count]];
  });
  if (ends.flat().every((zeros) => zeros === 0)) return value;
  if (value.kind === "constant") return node.refuse("it pads a constant");
  if (fill !== 0) return node.refuse(`it pads with ${fill}, where heddle pads with zeros`);
  const view = settled(value, node);
  const image = imageOf(view, node);
  if ([...ends[0], ...ends[1], ...ends[2], ...ends[3]].some((zeros) => zeros < 0))
    return node.refuse("its pads are negative, which would crop; heddle has no layer for that");
  if ([...ends[0], ...ends[1]].some((zeros) => zeros > 0))
    return node.refuse("it pads other axes than rows and columns");
  const [top, bottom] = ends[2];
  const [left, right] = ends[3];
  const made = draftOf(() => zeroPad2d({ padding: { top, bottom, left, right } }), [image], node);
  return imageView(made, node, Math.min(view.least, 0));
};

/** Expand of what is as large already, or of a constant of one value. */
export const expand: Operator = (node) => {
  const value = node.value(0);
  const dims = dimsOf(value);
  const wanted = node.numbers(1, "sizes");
  const rank = Math.max(dims.length, wanted.length);
  const fill = (list: readonly number[]) => [...Array(rank - list.length).fill(1), ...list] as number[];
  const [ours, theirs] = [fill(dims), fill(wanted)];
  const target = ours.map((length, axis) => (length === 1 ? theirs[axis] : length));
  if (target.join() === dims.join()) return value;
  const one = value.kind === "constant" ? uniformValue(value) : undefined;
  if (one === undefined || value.kind === "view")
    return node.refuse(`it spreads [${dims.join(", ")}] over [${target.join(", ")}]`);
  return constant(target, value.values.slice(0, 1), value.whole);
};
