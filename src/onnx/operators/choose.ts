import { sizeOf } from "../constant.js";
import { taken } from "../fold.js";
import { reshaped, selected } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { settled } from "../settle.js";
import { atomsOf, lengthOf, orderBetween, sameAtoms, type Value, type View } from "../view.js";
import type { Operator } from "./operator.js";
import { dimsOf, parted } from "./shapes.js";

/** Kernels of ones and zeros beyond this would crop images, at a price that nobody wants to pay. */
const largestChoice = 2 ** 22;

/** Values of one axis at some places: the whole of it, channels, or a sequence's last step. */
function takenOf(view: View, axis: number, places: readonly number[], node: NodeReader): View {
  const atoms = view.dims[axis];
  const length = lengthOf(atoms);
  if (places.length === length && places.every((place, index) => place === index)) return view;
  if (atoms.includes(node.batch)) return node.refuse("it chooses among the images of a batch");
  const isLast = places.length === 1 && places[0] === length - 1;
  if (isLast && view.lastStep?.of === view.draft && sameAtoms(view.axes.slice(0, 1), atoms)) {
    const { lastStep, ...rest } = view;
    const dims = view.dims.map((each, index) => (index === axis ? [] : each));
    return { ...rest, draft: lastStep.make(), axes: view.axes.slice(1), dims, sole: true };
  }
  const { lastStep: _, ...base } = settled(view, node);
  const at = base.axes.indexOf(atoms[0]);
  const order = orderBetween(base.axes.slice(at, at + atoms.length), atoms);
  const first = order ? at : base.axes.length - atoms.length;
  const inOurs = order ?? orderBetween(base.axes.slice(first), atoms);
  if (!inOurs) return node.refuse("it chooses along axes that lie apart where heddle computes them");
  const before = base.axes.slice(0, first);
  const after = base.axes.slice(first + atoms.length);
  const inner = lengthOf(after);
  if (places.length * inner * length * inner > largestChoice)
    return node.refuse("it chooses rows, columns or steps, and no layer of heddle's crops");
  const channels = places.flatMap((place) =>
    Array.from({ length: inner }, (_each, index) => inOurs[place] * inner + index),
  );
  const pixels = reshaped(base.draft, [lengthOf(before), 1, length * inner], node);
  const [chosen] = atomsOf([places.length]);
  return {
    ...base,
    draft: selected(pixels, channels, node),
    axes: [...before, ...chosen, ...after],
    dims: base.dims.map((each, index) => (index === axis ? chosen : each)),
    sole: true,
  };
}

/** The same of what may be a constant. */
const chosenOf = (value: Value, axis: number, places: readonly number[], node: NodeReader): Value =>
  value.kind === "constant" ? taken(value, axis, places, node) : takenOf(value, axis, places, node);

export const gather: Operator = (node) => {
  const value = node.value(0);
  const axis = node.axis(node.int("axis", 0), value.dims.length);
  const dims = dimsOf(value);
  const length = dims[axis];
  const indices = node.constant(1, "indices");
  const target = [...dims.slice(0, axis), ...indices.dims, ...dims.slice(axis + 1)];
  const isWhole =
    sizeOf(indices.dims) === length &&
    indices.values.length === length &&
    indices.values.every((place, index) => place === index);
  if (isWhole) return value.kind === "constant" ? { ...value, dims: target } : parted(value, target, node);
  const places = node.numbers(1, "indices").map((place) => (place < 0 ? place + length : place));
  if (places.some((place) => !(Number.isInteger(place) && place >= 0 && place < length)))
    return node.refuse(`its indices reach beyond an axis of ${length}`);
  if (value.kind === "constant") return { ...taken(value, axis, places, node), dims: target };
  if (indices.dims.length > 1) return node.refuse("its indices have several axes");
  const found = takenOf(value, axis, places, node);
  return indices.dims.length === 1
    ? found
    : { ...found, dims: found.dims.filter((_, index) => index !== axis) };
};

export const slice: Operator = (node) => {
  const value = node.value(0);
  const dims = dimsOf(value);
  const isOld = node.opset < 10;
  const starts = isOld ? node.ints("starts") : node.numbers(1, "starts");
  const ends = isOld ? node.ints("ends") : node.numbers(2, "ends");
  if (!starts || !ends) return node.refuse("it has no starts or no ends");
  const axes =
    (isOld ? node.ints("axes") : node.has(3) ? node.numbers(3, "axes") : undefined) ??
    starts.map((_, at) => at);
  const steps = !isOld && node.has(4) ? node.numbers(4, "steps") : starts.map(() => 1);
  let result = value;
  axes.forEach((given, at) => {
    const axis = node.axis(given, dims.length);
    const length = dims[axis];
    const by = steps[at];
    if (![starts[at], ends[at]].every(Number.isInteger))
      node.refuse(`it goes from ${starts[at]} to ${ends[at]}`);
    if (by !== 1 && by !== -1 && !(Number.isInteger(by) && by > 0)) node.refuse(`its step is ${by}`);
    const counted = (place: number): number => (place < 0 ? place + length : place);
    const places: number[] = [];
    if (by > 0) {
      const end = Math.min(counted(ends[at]), length);
      for (let place = Math.max(counted(starts[at]), 0); place < end; place += by) places.push(place);
    } else {
      const end = Math.max(counted(ends[at]), -1);
      for (let place = Math.min(counted(starts[at]), length - 1); place > end; place--) places.push(place);
    }
    if (places.length === 0) node.refuse(`it leaves nothing of an axis of ${length}`);
    result = chosenOf(result, axis, places, node);
  });
  return result;
};

export const split: Operator = (node) => {
  const value = node.value(0);
  const axis = node.axis(node.int("axis", 0), value.dims.length);
  const length = dimsOf(value)[axis];
  const given = node.opset < 13 ? node.ints("split") : node.has(1) ? node.numbers(1, "sizes") : undefined;
  node.int("num_outputs", 0);
  const count = node.outputs.length;
  const most = Math.ceil(length / count);
  const sizes = given ?? node.outputs.map((_, index) => Math.min(most, length - index * most));
  if (
    sizes.length !== count ||
    sizes.some((each) => !(each > 0)) ||
    sizes.reduce((a, b) => a + b, 0) !== length
  )
    return node.refuse(`it splits ${length} into ${sizes.join(" + ")}`);
  // Once for all of them: what is pending may be folded into what stands before it.
  const whole = value.kind === "view" ? settled(value, node) : value;
  let start = 0;
  return sizes.map((each) => {
    const places = Array.from({ length: each }, (_, index) => start + index);
    start += each;
    return chosenOf(whole, axis, places, node);
  });
};
