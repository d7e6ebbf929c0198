import { colourChange, colourChanges, greyWeights } from "../data/batch-augmentation.js";
import {
  type FunctionBuilder,
  f32,
  f32x4,
  type I32,
  i32,
  i32x4,
  type Local,
  type V128,
  v128,
} from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

export interface ColourShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Numbers a pixel: the channels, or more. */
  readonly outChannels: number;
}

type Four = readonly [number, number, number, number];

const lanes = (values: Four): V128 =>
  i32x4.const([...new Int32Array(Float32Array.from(values).buffer)] as never);
const each = (vector: V128, lane: number): V128 => v128.shuffle32(vector, vector, [lane, lane, lane, lane]);
const splat = (f: FunctionBuilder, value: Local<"f32">): Local<"v128"> => f.let(f32x4.splat(value));
const clipped = (value: V128): V128 => f32x4.min(f32x4.max(value, f32x4.const(0)), f32x4.const(255));

/**
 * Changes an image's colours in place, numbers from 0 to 255 at `out`, as the five pairs at `colour` say: see
 * `BatchAugmentation`. The equations are those of torchvision's adjust_brightness, adjust_contrast, adjust_saturation
 * and adjust_hue for images of floats; multiplies and adds are never fused here, so that all processors agree.
 */
export function emitColour(emitter: Emitter, shape: ColourShape) {
  const { height, width, channels, outChannels } = shape;
  return emitter.module.function(["out", "colour"], (f, { out, colour }) => {
    const load = (at: I32): V128 => {
      if (channels === 1) return v128.load32Zero(at);
      const two = v128.shuffle32(v128.load32Zero(at), v128.load32Zero(at, 4), [0, 4, 1, 1]);
      return v128.shuffle32(two, v128.load32Zero(at, 8), [0, 1, 4, 2]);
    };
    const [red, green, blue] = [...greyWeights[channels], 0, 0];
    /** In all four lanes. */
    const grey = (pixel: Local<"v128">): V128 => {
      const parts = f.let(f32x4.mul(pixel, lanes([red, green, blue, 0])));
      return f32x4.add(f32x4.add(each(parts, 0), each(parts, 1)), each(parts, 2));
    };
    const eachPixel = (row: I32, body: (at: Local<"i32">) => void): void => {
      const first = f.let(i32.add(out, i32.mul(row, width * outChannels * 4)));
      f.for({ to: width }, (column) => body(f.let(i32.add(first, i32.mul(column, outChannels * 4)))));
    };
    /** Every pixel becomes what is made of it, clipped. */
    const change = (make: (pixel: Local<"v128">) => V128): void =>
      f.for({ to: height }, (row) =>
        eachPixel(row, (at) => {
          const pixel = f.let(load(at));
          const made = f.let(clipped(make(pixel)));
          for (let channel = 0; channel < channels; channel++)
            f.do(v128.store32Lane(at, made, channel, channel * 4));
        }),
      );
    /** The image's mean grey: sums of rows, added up. */
    const meanGrey = (): V128 => {
      const total = f.let(v128.zero());
      f.for({ to: height }, (row) => {
        const sum = f.let(v128.zero());
        eachPixel(row, (at) => f.set(sum, f32x4.add(sum, grey(f.let(load(at))))));
        f.set(total, f32x4.add(total, sum));
      });
      return f32x4.div(total, f32x4.const(height * width));
    };

    f.for({ to: colourChanges }, (place) => {
      const pair = f.let(i32.add(colour, i32.mul(place, 8)));
      const kind = f.let(i32.truncSatF32(f32.load(pair)));
      const amount = f.let(f32.load(pair, 4));
      const is = (name: keyof typeof colourChange): I32 => i32.eq(kind, colourChange[name]);
      const factor = splat(f, amount);
      const rest = splat(f, f.let(f32.sub(f32.const(1), amount)));
      const blended = (pixel: V128, other: V128): V128 =>
        f32x4.add(f32x4.mul(pixel, factor), f32x4.mul(other, rest));
      f.if(is("brightness"), () => change((pixel) => f32x4.mul(pixel, factor)));
      f.if(is("contrast"), () => {
        const mean = f.let(meanGrey());
        change((pixel) => blended(pixel, mean));
      });
      if (channels === 1) return;
      f.if(is("saturation"), () => change((pixel) => blended(pixel, grey(pixel))));
      f.if(is("hue"), () => change((pixel) => turned(f, pixel, factor)));
    });
  });
}

/**
 * A pixel whose hue is turned by a share of the circle. With V the greatest of its channels, C its distance from the
 * least and h its hue in sixths of the circle, a channel of HSV's colour is V − C · max(0, min(k, 4 − k, 1)) with
 * k = (n + h) mod 6, n = 5, 3 and 1 for red, green and blue.
 */
function turned(f: FunctionBuilder, pixel: Local<"v128">, turn: V128): V128 {
  const [red, green, blue] = [0, 1, 2].map((lane) => f.let(each(pixel, lane)));
  const greatest = f.let(f32x4.max(f32x4.max(red, green), blue));
  const chroma = f.let(f32x4.sub(greatest, f32x4.min(f32x4.min(red, green), blue)));
  const next = v128.shuffle32(pixel, pixel, [1, 2, 0, 3]);
  const afterNext = v128.shuffle32(pixel, pixel, [2, 0, 1, 3]);
  // A grey pixel has no hue, and its chroma makes all the same.
  const divisor = f32x4.max(chroma, f32x4.const(2 ** -100));
  const hues = f.let(f32x4.add(f32x4.div(f32x4.sub(next, afterNext), divisor), lanes([0, 2, 4, 0])));
  const hue = v128.bitselect(
    each(hues, 0),
    v128.bitselect(each(hues, 1), each(hues, 2), i32x4.eq(green, greatest)),
    i32x4.eq(red, greatest),
  );
  const six = f32x4.const(6);
  // Once around more, so that it is above 0.
  const turns = f32x4.add(f32x4.mul(turn, six), lanes([11, 9, 7, 6]));
  const sixths = f.let(f32x4.add(hue, turns));
  const whole = f32x4.convertI32x4(i32x4.truncSatF32x4(f32x4.mul(sixths, f32x4.const(1 / 6))));
  const k = f.let(f32x4.sub(sixths, f32x4.mul(whole, six)));
  const share = f32x4.min(f32x4.min(k, f32x4.sub(f32x4.const(4), k)), f32x4.const(1));
  return f32x4.sub(greatest, f32x4.mul(chroma, f32x4.max(share, f32x4.const(0))));
}
