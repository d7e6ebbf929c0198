import { f32x4, type I32, i32, type V128, v128 } from "../wasm/index.js";
import { eachVector, type Pixels, walkChannels } from "./channel-walk.js";
import type { Emitter } from "./emitter.js";

/*
 * Batch normalization in two meetings of the threads a pass. Every sample's own moments come first, while it is in
 * the cache: its mean and Σ (x − mean)². Joined over the samples in their order (Chan, Golub and LeVeque 1983) they
 * give the batch's, as exact as two passes over it would, and the same for any number of threads.
 */

/** What the kernels leave for each other, one vector of channels each: where it begins, in channels. */
const statistics = {
  mean: 0,
  /** 1 / √(σ² + ε). */
  inverse: 1,
  /** γ / √(σ² + ε). */
  scale: 2,
  /** dβ / count and dγ / count. */
  betaShare: 3,
  gammaShare: 4,
  vectors: 5,
} as const;

export const statisticsBytes = (channels: number): number => statistics.vectors * channels * 4;

/** Bytes of what is known of one sample: two vectors of channels. */
export const momentBytes = (channels: number): number => 2 * channels * 4;

/** For one sample: means, and behind them Σ (x − mean)². */
export function emitSampleMoments(emitter: Emitter, shape: Pixels) {
  const { pixels, channels } = shape;
  return emitter.module.once(`sample moments ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["x", "moments"], (f, { x, moments }) => {
      walkChannels(emitter, f, shape, [x], {
        begin: () => f.let(v128.zero()),
        each: (sum, vector, [at]) => f.set(sum, f32x4.add(sum, v128.load(at, vector * 16))),
        end: (sum, _, at) => f.do(v128.store(moments, f32x4.mul(sum, f32x4.const(1 / pixels)), at)),
      });
      walkChannels(emitter, f, shape, [x], {
        begin: (_, at) => ({ mean: f.let(v128.load(moments, at)), sum: f.let(v128.zero()) }),
        each: ({ mean, sum }, vector, [at]) => {
          const difference = f.let(f32x4.sub(v128.load(at, vector * 16), mean));
          f.set(sum, emitter.arithmetic.madd(difference, difference, sum));
        },
        end: ({ sum }, _, at) => f.do(v128.store(moments, sum, channels * 4 + at)),
      });
    }),
  );
}

export interface BatchMomentsShape extends Pixels {
  readonly batch: number;
  readonly epsilon: number;
  readonly momentum: number;
}

/**
 * For four channels from a byte offset on: the batch's moments from its samples', what kernels need of them, and
 * the running ones moved on.
 */
export function emitBatchMoments(emitter: Emitter, shape: BatchMomentsShape) {
  const { batch, pixels, channels, epsilon, momentum } = shape;
  const sampleBytes = momentBytes(channels);
  const { madd } = emitter.arithmetic;
  return emitter.module.function(
    ["moments", "statistics", "gamma", "runningMean", "runningVariance", "channel"],
    (f, { moments, statistics: out, gamma, runningMean, runningVariance, channel }) => {
      const keep = (value: V128) => f.let(value);
      const first = f.let(i32.add(moments, channel));
      const sum = keep(v128.zero());
      const eachSample = (visit: (at: I32) => void): void => {
        const at = f.let(i32.add(first, 0));
        f.for({ to: batch }, () => {
          visit(at);
          f.add(at, sampleBytes);
        });
      };
      eachSample((at) => f.set(sum, f32x4.add(sum, v128.load(at))));
      const mean = keep(f32x4.mul(sum, f32x4.const(1 / batch)));
      const within = keep(v128.zero());
      const between = keep(v128.zero());
      eachSample((at) => {
        const difference = keep(f32x4.sub(v128.load(at), mean));
        f.set(between, madd(difference, difference, between));
        f.set(within, f32x4.add(within, v128.load(at, channels * 4)));
      });
      const squares = madd(between, f32x4.const(pixels), within);
      const variance = keep(f32x4.mul(squares, f32x4.const(1 / (batch * pixels))));
      const inverse = keep(inverseRoot(variance, epsilon));
      const at = (base: I32, vector = 0): I32 => i32.add(i32.add(base, channel), vector * channels * 4);
      f.do(v128.store(at(out, statistics.mean), mean));
      f.do(v128.store(at(out, statistics.inverse), inverse));
      f.do(v128.store(at(out, statistics.scale), f32x4.mul(inverse, v128.load(at(gamma)))));
      for (const [running, value] of [
        [runningMean, mean],
        [runningVariance, variance],
      ] as const) {
        const moved = madd(
          v128.load(at(running)),
          f32x4.const(momentum),
          f32x4.mul(value, f32x4.const(1 - momentum)),
        );
        f.do(v128.store(at(running), moved));
      }
    },
  );
}

/** For four channels: the same of fixed moments. */
export function emitFixedMoments(
  emitter: Emitter,
  { channels, epsilon }: Pick<BatchMomentsShape, "channels" | "epsilon">,
) {
  return emitter.module.once(`fixed moments ${channels} ${epsilon}`, () =>
    emitter.module.function(
      ["statistics", "gamma", "runningMean", "runningVariance", "channel"],
      (f, { statistics: out, gamma, runningMean, runningVariance, channel }) => {
        const at = (base: I32, vector = 0): I32 => i32.add(i32.add(base, channel), vector * channels * 4);
        const inverse = f.let(inverseRoot(v128.load(at(runningVariance)), epsilon));
        f.do(v128.store(at(out, statistics.mean), v128.load(at(runningMean))));
        f.do(v128.store(at(out, statistics.inverse), inverse));
        f.do(v128.store(at(out, statistics.scale), f32x4.mul(inverse, v128.load(at(gamma)))));
      },
    ),
  );
}

/** 1 / √(σ² + ε). */
const inverseRoot = (variance: V128, epsilon: number): V128 =>
  f32x4.div(f32x4.const(1), f32x4.sqrt(f32x4.add(variance, f32x4.const(epsilon))));

/** y = (x − mean) · scale + β up to the end of x, which y may be. */
export function emitBatchNorm(emitter: Emitter, channels: number) {
  const { madd } = emitter.arithmetic;
  return emitter.module.once(`batch norm ${channels}`, () =>
    emitter.module.function(
      ["x", "y", "statistics", "beta", "end"],
      (f, { x, y, statistics: from, beta, end }) => {
        eachVector(emitter, f, channels, [x, y], end, (channel, offset) => {
          const at = f.let(i32.add(from, channel));
          const part = (vector: number): V128 => v128.load(at, vector * channels * 4 + offset);
          const centred = f32x4.sub(v128.load(x, offset), part(statistics.mean));
          const shift = v128.load(i32.add(beta, channel), offset);
          const value = f.let(madd(centred, part(statistics.scale), shift));
          f.do(v128.store(y, value, offset));
        });
      },
    ),
  );
}

/** x̂ of four numbers. */
function normalized(x: I32, from: I32, channels: number, offset: number): V128 {
  const part = (vector: number): V128 => v128.load(from, vector * channels * 4 + offset);
  return f32x4.mul(f32x4.sub(v128.load(x, offset), part(statistics.mean)), part(statistics.inverse));
}

/** For one sample: Σ dy, and behind it Σ dy · x̂. */
export function emitBatchNormSums(emitter: Emitter, shape: Pixels) {
  const { channels } = shape;
  return emitter.module.once(`batch norm sums ${JSON.stringify(shape)}`, () =>
    emitter.module.function(
      ["gradient", "x", "statistics", "sums"],
      (f, { gradient, x, statistics: from, sums }) => {
        walkChannels(emitter, f, shape, [gradient, x], {
          begin: (_, at) => ({
            mean: f.let(v128.load(from, statistics.mean * channels * 4 + at)),
            inverse: f.let(v128.load(from, statistics.inverse * channels * 4 + at)),
            beta: f.let(v128.zero()),
            gamma: f.let(v128.zero()),
          }),
          each: ({ mean, inverse, beta, gamma }, vector, [dy, value]) => {
            const g = f.let(v128.load(dy, vector * 16));
            const xHat = f32x4.mul(f32x4.sub(v128.load(value, vector * 16), mean), inverse);
            f.set(beta, f32x4.add(beta, g));
            f.set(gamma, emitter.arithmetic.madd(g, xHat, gamma));
          },
          end: ({ beta, gamma }, _, at) => {
            f.do(v128.store(sums, beta, at));
            f.do(v128.store(sums, gamma, channels * 4 + at));
          },
        });
      },
    ),
  );
}

/**
 * For four channels: the gradients, summed over the samples in their order, and their shares of one value.
 */
export function emitBatchNormGradients(
  emitter: Emitter,
  { batch, pixels, channels }: Omit<BatchMomentsShape, "epsilon" | "momentum">,
) {
  return emitter.module.function(
    ["sums", "statistics", "gammaGradient", "betaGradient", "channel"],
    (f, { sums, statistics: out, gammaGradient, betaGradient, channel }) => {
      const gamma = f.let(v128.zero());
      const beta = f.let(v128.zero());
      const at = f.let(i32.add(sums, channel));
      f.for({ to: batch }, () => {
        f.set(beta, f32x4.add(beta, v128.load(at)));
        f.set(gamma, f32x4.add(gamma, v128.load(at, channels * 4)));
        f.add(at, momentBytes(channels));
      });
      f.do(v128.store(i32.add(betaGradient, channel), beta));
      f.do(v128.store(i32.add(gammaGradient, channel), gamma));
      const share = f32x4.const(1 / (batch * pixels));
      const to = i32.add(out, channel);
      f.do(v128.store(to, f32x4.mul(beta, share), statistics.betaShare * channels * 4));
      f.do(v128.store(to, f32x4.mul(gamma, share), statistics.gammaShare * channels * 4));
    },
  );
}

/**
 * dx = scale · (dy − dβ / count − x̂ · dγ / count) up to the end of the gradient, or of fixed moments
 * scale · dy; added to what `to` holds where `adds`.
 */
export function emitBatchNormInputGradient(
  emitter: Emitter,
  channels: number,
  options: { readonly fixed: boolean; readonly adds: boolean },
) {
  const { fixed, adds } = options;
  return emitter.module.once(`batch norm input gradient ${channels} ${fixed} ${adds}`, () =>
    emitter.module.function(
      ["gradient", "x", "statistics", "to", "end"],
      (f, { gradient, x, statistics: from, to, end }) => {
        eachVector(emitter, f, channels, [gradient, x, to], end, (channel, offset) => {
          const at = f.let(i32.add(from, channel));
          const part = (vector: number): V128 => v128.load(at, vector * channels * 4 + offset);
          const through = (): V128 =>
            f32x4.add(
              part(statistics.betaShare),
              f32x4.mul(normalized(x, at, channels, offset), part(statistics.gammaShare)),
            );
          const dy = v128.load(gradient, offset);
          const value = f32x4.mul(fixed ? dy : f32x4.sub(dy, through()), part(statistics.scale));
          const sum = f.let(adds ? f32x4.add(v128.load(to, offset), value) : value);
          f.do(v128.store(to, sum, offset));
        });
      },
    ),
  );
}

/**
 * Eight output channels of packed weights, [out / 8][rows][8], and their bias, with the normalization that
 * follows them in: w · scale and (b − mean) · scale + β. Of `channels` the last four may be missing from a
 * block.
 */
export function emitFold(emitter: Emitter, rows: number, channels: number) {
  const { madd } = emitter.arithmetic;
  return emitter.module.once(`fold ${rows} ${channels}`, () =>
    emitter.module.function(
      ["kernel", "bias", "statistics", "beta", "toKernel", "toBias", "block"],
      (f, { kernel, bias, statistics: from, beta, toKernel, toBias, block }) => {
        const first = f.let(i32.mul(block, 32));
        const half = (offset: number): void => {
          const at = f.let(i32.add(i32.add(from, first), offset));
          const scale = f.let(v128.load(at, statistics.scale * channels * 4));
          const centred = f32x4.sub(
            v128.load(i32.add(bias, first), offset),
            v128.load(at, statistics.mean * channels * 4),
          );
          const shift = v128.load(i32.add(beta, first), offset);
          f.do(v128.store(i32.add(toBias, first), madd(centred, scale, shift), offset));
          const source = f.let(i32.add(kernel, i32.mul(block, rows * 32)));
          const target = f.let(i32.add(toKernel, i32.mul(block, rows * 32)));
          f.for({ to: rows }, () => {
            f.do(v128.store(target, f32x4.mul(v128.load(source, offset), scale), offset));
            f.add(source, 32);
            f.add(target, 32);
          });
        };
        half(0);
        if (channels % 8 === 0) half(16);
        else f.if(i32.ltU(i32.add(first, 16), channels * 4), () => half(16));
      },
    ),
  );
}

/** As `emitFold`, of a depthwise kernel, [taps][channels]. */
export function emitFoldDepthwise(emitter: Emitter, taps: number, channels: number) {
  const { madd } = emitter.arithmetic;
  return emitter.module.once(`fold depthwise ${taps} ${channels}`, () =>
    emitter.module.function(
      ["kernel", "bias", "statistics", "beta", "toKernel", "toBias", "block"],
      (f, { kernel, bias, statistics: from, beta, toKernel, toBias, block }) => {
        const first = f.let(i32.mul(block, 32));
        const wanted = f.let(i32.add(first, 32));
        const end = f.let(i32.select(i32.ltU(wanted, channels * 4), wanted, channels * 4));
        f.for({ from: first, to: end, step: 16 }, (at) => {
          const scale = f.let(v128.load(i32.add(from, at), statistics.scale * channels * 4));
          const mean = v128.load(i32.add(from, at), statistics.mean * channels * 4);
          const centred = f32x4.sub(v128.load(i32.add(bias, at)), mean);
          f.do(v128.store(i32.add(toBias, at), madd(centred, scale, v128.load(i32.add(beta, at)))));
          f.for({ from: at, to: i32.add(at, taps * channels * 4), step: channels * 4 }, (place) => {
            f.do(v128.store(i32.add(toKernel, place), f32x4.mul(v128.load(i32.add(kernel, place)), scale)));
          });
        });
      },
    ),
  );
}
