import {
  averagePool2d,
  globalAveragePool2d,
  globalMaxPool2d,
  maxPool2d,
  zeroPad2d,
} from "../../core/layers/index.js";
import { draftOf, imageOf, imageView, reshaped } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { meanOverChannels } from "../over-channels.js";
import { settled } from "../settle.js";
import { type Draft, lengthOf, type View } from "../view.js";
import type { Operator } from "./operator.js";
import { type NodeWindow, windowOf } from "./window.js";

/** MaxPool. Its padding is below every value; zeros are as good where no value is below them. */
export const maxPool: Operator = (node) => {
  const view = node.view(0);
  const image = imageOf(view, node);
  const window = windowOf(node, image.shape, node.ints("kernel_shape"));
  if (window.dilation.some((step) => step > 1))
    return node.refuse("its window is dilated, which heddle's pools have not");
  if (readsOutside(window) && view.least < 0)
    return node.refuse(
      "its window reaches beyond the image, where heddle's pools have zeros, and values below zero would lose " +
        "against them; behind a ReLU it could be taken",
    );
  const { kernelSize: poolSize, strides } = window;
  const made = draftOf(() => maxPool2d({ poolSize, strides }), [framed(image, window, node)], node);
  return imageView(made, node, view.least);
};

/** AveragePool, over windows within the image, or with zeros around it that count. */
export const averagePool: Operator = (node) => {
  const view = node.view(0);
  const image = imageOf(view, node);
  const window = windowOf(node, image.shape, node.ints("kernel_shape"));
  if (window.dilation.some((step) => step > 1))
    return node.refuse("its window is dilated, which heddle's pools have not");
  const counts = node.int("count_include_pad", 0) !== 0;
  if (readsOutside(window) && !(counts && window.beyond.every((places) => places === 0)))
    return node.refuse(
      "its window reaches beyond the image and means are of what lies within (count_include_pad = 0), where heddle " +
        "would count zeros",
    );
  const { kernelSize: poolSize, strides } = window;
  const made = draftOf(() => averagePool2d({ poolSize, strides }), [framed(image, window, node)], node);
  return imageView(made, node, Math.min(view.least, 0));
};

const readsOutside = ({ padding, beyond }: NodeWindow): boolean =>
  [...Object.values(padding), ...beyond].some((places) => places > 0);

function framed(image: Draft, window: NodeWindow, node: NodeReader): Draft {
  if (!readsOutside(window)) return image;
  const { top, left, bottom, right } = window.padding;
  const padding = { top, left, bottom: bottom + window.beyond[0], right: right + window.beyond[1] };
  const made = draftOf(() => zeroPad2d({ padding }), [image], node);
  return { ...made, name: "" };
}

/** Over all axes behind the channels of images [N, C, H, W] or of sequences [N, C, T]. */
const poolGlobally =
  (kind: "mean" | "max"): Operator =>
  (node) => {
    const view = node.view(0);
    if (view.dims.length < 3) node.refuse("it pools over images [N, C, H, W] or sequences [N, C, T] alone");
    const axes = view.dims.flatMap((_, axis) => (axis >= 2 ? [axis] : []));
    return pooled(view, axes, true, kind, node);
  };

export const globalAveragePool = poolGlobally("mean");
export const globalMaxPool = poolGlobally("max");

/** ReduceMean and ReduceMax over all that are not channels. */
export const reduce =
  (kind: "mean" | "max"): Operator =>
  (node) => {
    const pending = node.pending(0);
    const view = pending.over ? pending : settled(pending, node);
    const keeps = node.int("keepdims", 1) !== 0;
    const rank = view.dims.length;
    const given = node.axes("axes", 1);
    if (node.int("noop_with_empty_axes", 0) !== 0 && !given?.length) return view;
    const axes = given?.length ? given : Array.from({ length: rank }, (_, axis) => axis);
    const counted = axes.map((axis) => node.axis(axis, rank));
    const whole = (): View => pooled(view, counted, keeps, kind, node);
    const [axis] = counted;
    const over =
      kind === "mean" && counted.length === 1 ? meanOverChannels(view, axis, keeps, whole) : undefined;
    return over ?? (view.over ? settled(view, node) : whole());
  };

function pooled(
  view: View,
  axes: readonly number[],
  keeps: boolean,
  kind: "mean" | "max",
  node: NodeReader,
): View {
  const isReduced = (_: unknown, axis: number): boolean => axes.includes(axis);
  const gone = view.dims.filter(isReduced).flat();
  const rest = (dims: View["dims"]): View["dims"] =>
    keeps
      ? dims.map((atoms, axis) => (axes.includes(axis) ? [] : atoms))
      : dims.filter((_, axis) => !axes.includes(axis));
  if (gone.length === 0) return { ...view, dims: rest(view.dims) };
  const lead = view.axes.slice(0, gone.length);
  if (!gone.every((atom) => lead.includes(atom)))
    return node.refuse(
      "it reduces other axes than all of an image's rows and columns, or a sequence's steps, which alone heddle pools globally",
    );
  const channels = view.axes.slice(gone.length);
  const size = lengthOf(channels);
  const isImage = view.draft.shape.length === 3 && view.draft.shape[2] === size;
  const image = isImage ? view.draft : reshaped(view.draft, [lengthOf(lead), 1, size], node);
  const draft = draftOf(() => (kind === "mean" ? globalAveragePool2d() : globalMaxPool2d()), [image], node);
  return { ...view, draft, axes: channels, dims: rest(view.dims), sole: true };
}
