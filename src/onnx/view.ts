import type { Layer, Shape } from "../core/layers/layer.js";
import type { Constant } from "./constant.js";
import type { Expression } from "./expression.js";

/** An axis of what heddle computes, or a part of one that a reshape took apart. Told apart by identity. */
export interface Atom {
  readonly size: number;
}

/** What is done to each channel: x · scale + shift. */
export interface Affine {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/** A layer of the graph to be, with its weights; or the images, of which a graph may first make others. */
export interface Draft {
  /** Undefined of images. */
  layer: Layer | undefined;
  /** Of images, how they come of those that are given to the graph. */
  readonly affine?: Affine;
  readonly inputs: readonly Draft[];
  readonly shape: Shape;
  /** By the tensors' names within the layer: `kernel`. */
  weights: Readonly<Record<string, Float32Array>>;
  /** A name that suits it, where the file has one. */
  readonly name: string;
}

/**
 * A tensor of the file that depends on the images, told as what heddle computes and how the file's axes lie in that.
 * ONNX has images as [N, C, H, W], heddle as [H, W, C]: a transpose, and a reshape that parts or joins axes, change `dims`
 * alone, and only who reads the numbers must see to their order.
 */
export interface View {
  readonly kind: "view";
  readonly draft: Draft;
  /** Of the draft's values in row-major order, those longer than 1. */
  readonly axes: readonly Atom[];
  /** Each axis of the ONNX tensor: what it is made of, the outermost first; of length 1 where that is nothing. */
  readonly dims: readonly (readonly Atom[])[];
  /** A function of each value that is yet to become layers. */
  readonly expression?: Expression;
  /** A function of all channels together that is yet to become a layer. */
  readonly over?: OverChannels;
  /** No value is below it. */
  readonly least: number;
  /** Whether nothing else reads the draft, so that what comes may be folded into it. */
  readonly sole: boolean;
  /** A softmax that is left out at a model's end. */
  readonly end?: "softmax" | "log-softmax";
  /** Of an LSTM's or GRU's every step's output: the same of its last step alone. */
  readonly lastStep?: LastStep;
}

/** Holds of a view as long as that is of this layer, and none has come behind it. */
export interface LastStep {
  readonly of: Draft;
  make(): Draft;
}

/**
 * A function of all channels of a place together, put together of what the file's nodes do one after the other: a layer
 * normalization that is spelled out, until it is whole.
 */
export interface OverChannels {
  /** What the channels are of. */
  readonly base: View;
  /** The axis of the channels, in the file's order. */
  readonly channels: readonly Atom[];
  /** How many nodes it comes of. */
  readonly size: number;
  /** A number for each channel, or one for all. */
  at(channels: ArrayLike<number>): ArrayLike<number>;
  /** The mean alone, as a pool of heddle's, where there is one for it. */
  readonly pooled?: () => View;
}

/** A tensor of the file. */
export type Value = View | Constant;

export const lengthOf = (atoms: readonly Atom[]): number =>
  atoms.reduce((length, { size }) => length * size, 1);

/** Atoms for a shape, one an axis; none where an axis has length 1. */
export const atomsOf = (shape: Shape): (readonly Atom[])[] =>
  shape.map((size) => (size === 1 ? [] : [{ size }]));

/** Where a view's axes lie in another order than wanted: for each place in theirs the index in ours. */
export function orderBetween(ours: readonly Atom[], theirs: readonly Atom[]): Uint32Array | undefined {
  if (ours.length !== theirs.length || !theirs.every((atom) => ours.includes(atom))) return undefined;
  const strides = theirs.map((atom) => lengthOf(ours.slice(ours.indexOf(atom) + 1)));
  const order = new Uint32Array(lengthOf(ours));
  const place = theirs.map(() => 0);
  let at = 0;
  for (let index = 0; index < order.length; index++) {
    order[index] = at;
    for (let axis = theirs.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++place[axis] < theirs[axis].size) break;
      at -= strides[axis] * theirs[axis].size;
      place[axis] = 0;
    }
  }
  return order;
}

export const sameAtoms = (a: readonly Atom[], b: readonly Atom[]): boolean =>
  a.length === b.length && a.every((atom, index) => atom === b[index]);

/** Whether an axis of the file is one atom and nothing else. */
export const isAlone = (atoms: readonly Atom[], atom: Atom): boolean =>
  atoms.length === 1 && atoms[0] === atom;
