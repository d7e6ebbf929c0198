import type { Normalization } from "../data/dataset.js";
import { scaleAndShift } from "../data/normalization.js";
import {
  type F32,
  type FunctionBuilder,
  f32,
  f32x4,
  type I32,
  type I32Like,
  i32,
  i32x4,
  v128,
} from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

export interface GatherShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Numbers a pixel in the network's input: the channels, or more with zeros behind. */
  readonly outChannels: number;
  /** Where `normalizationNumbers` lie. */
  readonly normalization: number;
}

/** Channels again and again until they fill whole vectors. */
function period(channels: number): number {
  const rest = channels % 4;
  return rest === 0 ? channels : rest === 2 ? channels * 2 : channels * 4;
}

/** Bytes that `normalizationNumbers` take. */
export const normalizationBytes = (channels: number): number => period(channels) * 8;

/** What the gather kernels read, p → p · scale + shift: scales, channel after channel up to whole vectors, then shifts. */
export function normalizationNumbers(normalization: Normalization): number[] {
  const { scale, shift } = scaleAndShift(normalization);
  const channels = Array.from({ length: period(scale.length) }, (_, at) => at % scale.length);
  return [scale, shift].flatMap((each) => channels.map((channel) => each[channel]));
}

/** Most vectors of scales that are kept in registers. */
const mostVectors = 4;

/** Bytes to normalized numbers, one image. */
export function emitGather(emitter: Emitter, shape: GatherShape) {
  const { height, width, channels, outChannels } = shape;
  const count = height * width * channels;
  const together = period(channels);
  return emitter.module.function(["image", "out"], (f, { image, out }) => {
    if (outChannels === channels && count >= together && together <= mostVectors * 4) {
      const vectors = Array.from({ length: together / 4 }, (_, vector) => ({
        scales: f.let(v128.load(shape.normalization, vector * 16)),
        shifts: f.let(v128.load(shape.normalization, together * 4 + vector * 16)),
      }));
      const several = (at: I32 | number): void => {
        vectors.forEach(({ scales, shifts }, vector) => {
          const bytes = i32x4.extendLowBytes(v128.load32Zero(i32.add(image, at), vector * 4));
          const value = f32x4.add(f32x4.mul(f32x4.convertI32x4(bytes), scales), shifts);
          f.do(v128.store(i32.add(out, i32.mul(at, 4)), value, vector * 16));
        });
      };
      f.for({ to: count - together + 1, step: together }, several);
      if (count % together > 0) several(count - together);
      return;
    }
    f.for({ to: height * width }, (pixel) => {
      eachChannel(f, channels, ({ bytes, numbers, channel }) => {
        const byte = i32.load8u(i32.add(i32.add(image, i32.mul(pixel, channels)), bytes), channel);
        const value = normalized(shape, f32.convertI32(byte), numbers, channel);
        const target = i32.add(i32.add(out, i32.mul(pixel, outChannels * 4)), numbers);
        f.do(f32.store(target, value, channel * 4));
      });
      for (let channel = channels; channel < outChannels; channel++)
        f.do(f32.store(i32.add(out, i32.mul(pixel, outChannels * 4)), f32.const(0), channel * 4));
    });
  });
}

/** A byte as a number, normalized, of a channel. */
export function normalized(
  { channels, normalization }: GatherShape,
  value: F32,
  numbers: I32Like,
  channel: number,
): F32 {
  const scale = f32.load(i32.add(normalization, numbers), channel * 4);
  const shift = f32.load(i32.add(normalization + period(channels) * 4, numbers), channel * 4);
  return f32.add(f32.mul(value, scale), shift);
}

/** Where a channel is: so many channels behind one that is so many bytes, and so many numbers' bytes, on. */
export interface ChannelPlace {
  readonly bytes: I32Like;
  readonly numbers: I32Like;
  readonly channel: number;
}

/** Images of more channels have them walked in a loop. */
const mostUnrolled = 64;

/** Does the same for each channel of a pixel. */
export function eachChannel(f: FunctionBuilder, channels: number, body: (place: ChannelPlace) => void): void {
  if (channels > mostUnrolled)
    f.for({ to: channels }, (bytes) => body({ bytes, numbers: i32.mul(bytes, 4), channel: 0 }));
  else for (let channel = 0; channel < channels; channel++) body({ bytes: 0, numbers: 0, channel });
}
