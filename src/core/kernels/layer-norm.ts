import { type FunctionBuilder, f32x4, i32, i32x4, type Local, type V128, v128 } from "../wasm/index.js";
import { walkChannels } from "./channel-walk.js";
import type { Emitter } from "./emitter.js";

/*
 * Layer normalization, pixel by pixel. The padding behind a pixel's channels counts in no sum, whatever number it holds,
 * and is zero in what is written.
 */

/** Pixels of one sample that lie without gaps. */
export interface LayerNormShape {
  readonly pixels: number;
  /** Numbers a pixel, padding included. */
  readonly channels: number;
  /** Those of them that count. */
  readonly width: number;
}

/** Bytes of what the way back needs of a pixel: its mean and 1 / √(σ² + ε). */
export const pixelMomentBytes = 8;

/** Rows of so many vectors are written out. */
const unrolledVectors = 8;

/**
 * Writes a walk along one pixel's channels, four at a time: `part` wants the pointers, a byte offset from each, and the
 * mask of the lanes that count where not all four do.
 */
function alongPixel(
  f: FunctionBuilder,
  { channels, width }: LayerNormShape,
  pointers: readonly Local<"i32">[],
  part: (pointers: readonly Local<"i32">[], offset: number, counted: (value: V128) => V128) => void,
): void {
  const whole = (value: V128): V128 => value;
  const mask = i32x4.const([0, 1, 2, 3].map((lane) => (lane < width % 4 ? -1 : 0)) as never);
  const masked = (value: V128): V128 => v128.and(value, mask);
  const wholeVectors = Math.floor(width / 4);
  if (channels / 4 <= unrolledVectors) {
    for (let vector = 0; vector * 4 < width; vector++)
      part(pointers, vector * 16, vector < wholeVectors ? whole : masked);
    return;
  }
  const moving = pointers.map((pointer) => f.let(i32.add(pointer, 0)));
  f.for({ to: wholeVectors }, () => {
    part(moving, 0, whole);
    for (const pointer of moving) f.add(pointer, 16);
  });
  if (width % 4 > 0) part(moving, 0, masked);
}

/** The sum of the four lanes in all of them. */
function acrossLanes(f: FunctionBuilder, value: V128): V128 {
  const four = f.let(value);
  const two = f.let(f32x4.add(four, v128.shuffle32(four, four, [2, 3, 0, 1])));
  return f32x4.add(two, v128.shuffle32(two, two, [1, 0, 3, 2]));
}

/** For one sample: y = (x − μ) / √(σ² + ε) · γ + β, and each pixel's moments. */
export function emitLayerNorm(emitter: Emitter, shape: LayerNormShape, epsilon: number) {
  const { pixels, channels, width } = shape;
  const { madd } = emitter.arithmetic;
  const share = f32x4.const(1 / width);
  return emitter.module.once(`layer norm ${JSON.stringify(shape)} ${epsilon}`, () =>
    emitter.module.function(["x", "y", "gamma", "beta", "moments"], (f, { x, y, gamma, beta, moments }) => {
      const sum = f.local("v128");
      f.for({ to: pixels }, () => {
        f.set(sum, v128.zero());
        alongPixel(f, shape, [x], ([from], offset, counted) =>
          f.set(sum, f32x4.add(sum, counted(v128.load(from, offset)))),
        );
        const mean = f.let(f32x4.mul(acrossLanes(f, sum), share));
        f.set(sum, v128.zero());
        alongPixel(f, shape, [x], ([from], offset, counted) => {
          const centred = f.let(counted(f32x4.sub(v128.load(from, offset), mean)));
          f.set(sum, madd(centred, centred, sum));
        });
        const variance = f32x4.mul(acrossLanes(f, sum), share);
        const deviation = f32x4.sqrt(f32x4.add(variance, f32x4.const(epsilon)));
        const inverse = f.let(f32x4.div(f32x4.const(1), deviation));
        alongPixel(f, shape, [x, y, gamma, beta], ([from, to, scale, shift], offset, counted) => {
          const xHat = f32x4.mul(f32x4.sub(v128.load(from, offset), mean), inverse);
          const value = madd(xHat, v128.load(scale, offset), v128.load(shift, offset));
          f.do(v128.store(to, counted(value), offset));
        });
        f.do(v128.store32Lane(moments, mean, 0));
        f.do(v128.store32Lane(moments, inverse, 0, 4));
        for (const pointer of [x, y]) f.add(pointer, channels * 4);
        f.add(moments, pixelMomentBytes);
      });
    }),
  );
}

/** For one sample: adds Σ dy · x̂ to γ's gradient and Σ dy to β's. The padding of dy is zero. */
export function emitLayerNormSums(emitter: Emitter, shape: LayerNormShape) {
  return emitter.module.once(`layer norm sums ${JSON.stringify(shape)}`, () =>
    emitter.module.function(
      ["gradient", "x", "moments", "gammaGradient", "betaGradient"],
      (f, { gradient, x, moments, gammaGradient, betaGradient }) => {
        const [pixel, mean, inverse] = [f.local("i32"), f.local("v128"), f.local("v128")];
        walkChannels(emitter, f, shape, [gradient, x], {
          start: () => f.set(pixel, moments),
          pixel: () => {
            f.set(mean, v128.load32Splat(pixel));
            f.set(inverse, v128.load32Splat(pixel, 4));
            f.add(pixel, pixelMomentBytes);
          },
          begin: (_, at) => ({
            gamma: f.let(v128.load(gammaGradient, at)),
            beta: f.let(v128.load(betaGradient, at)),
          }),
          each: ({ gamma, beta }, vector, [dy, value]) => {
            const g = f.let(v128.load(dy, vector * 16));
            const xHat = f32x4.mul(f32x4.sub(v128.load(value, vector * 16), mean), inverse);
            f.set(gamma, emitter.arithmetic.madd(g, xHat, gamma));
            f.set(beta, f32x4.add(beta, g));
          },
          end: ({ gamma, beta }, _, at) => {
            f.do(v128.store(gammaGradient, gamma, at));
            f.do(v128.store(betaGradient, beta, at));
          },
        });
      },
    ),
  );
}

/** For one sample, with g = γ · dy: dx = (g − Σ g / C − x̂ · Σ (g · x̂) / C) / √(σ² + ε). */
export function emitLayerNormInputGradient(emitter: Emitter, shape: LayerNormShape) {
  const { pixels, channels, width } = shape;
  const { madd } = emitter.arithmetic;
  const share = f32x4.const(1 / width);
  return emitter.module.once(`layer norm input gradient ${JSON.stringify(shape)}`, () =>
    emitter.module.function(
      ["gradient", "x", "moments", "gamma", "to"],
      (f, { gradient, x, moments, gamma, to }) => {
        const [mean, inverse] = [f.local("v128"), f.local("v128")];
        const [sum, projection] = [f.local("v128"), f.local("v128")];
        const normalized = (from: Local<"i32">, offset: number): V128 =>
          f32x4.mul(f32x4.sub(v128.load(from, offset), mean), inverse);
        const scaled = (dy: Local<"i32">, by: Local<"i32">, offset: number): V128 =>
          f32x4.mul(v128.load(dy, offset), v128.load(by, offset));
        f.for({ to: pixels }, () => {
          f.set(mean, v128.load32Splat(moments));
          f.set(inverse, v128.load32Splat(moments, 4));
          for (const total of [sum, projection]) f.set(total, v128.zero());
          alongPixel(f, shape, [gradient, x, gamma], ([dy, from, by], offset, counted) => {
            const g = f.let(counted(scaled(dy, by, offset)));
            f.set(sum, f32x4.add(sum, g));
            f.set(projection, madd(g, normalized(from, offset), projection));
          });
          f.set(sum, f32x4.mul(acrossLanes(f, sum), share));
          f.set(projection, f32x4.mul(acrossLanes(f, projection), share));
          alongPixel(f, shape, [gradient, x, gamma, to], ([dy, from, by, target], offset, counted) => {
            const through = madd(normalized(from, offset), projection, sum);
            const value = f32x4.mul(f32x4.sub(scaled(dy, by, offset), through), inverse);
            f.do(v128.store(target, counted(value), offset));
          });
          for (const pointer of [gradient, x, to]) f.add(pointer, channels * 4);
          f.add(moments, pixelMomentBytes);
        });
      },
    ),
  );
}
