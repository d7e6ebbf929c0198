import { f32x4, v128 } from "../wasm/index.js";
import { type Pixels, sumsOfParts, walkChannels } from "./channel-walk.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/** out = a · b, number by number up to the end of out, which may be one of them. */
export function emitMultiply(emitter: Emitter) {
  return emitter.module.once("multiply", () =>
    emitter.module.function(["a", "b", "out", "end"], (f, { a, b, out, end }) => {
      forVectors(emitter, f, [out, a, b], end, (at) => {
        const product = f.let(f32x4.mul(v128.load(a, at), v128.load(b, at)));
        f.do(v128.store(out, product, at));
      });
    }),
  );
}

/** Every pixel's channels times one number for each channel. */
export function emitMultiplyChannels(emitter: Emitter, shape: Pixels) {
  return emitter.module.once(`multiply channels ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "by", "to"], (f, { from, by, to }) => {
      walkChannels(emitter, f, shape, [from, to], {
        begin: (_, at) => f.let(v128.load(by, at)),
        each: (factor, vector, [x, y]) => {
          const product = f.let(f32x4.mul(v128.load(x, vector * 16), factor));
          f.do(v128.store(y, product, vector * 16));
        },
        end: () => {},
      });
    }),
  );
}

/** The sum over the pixels of a · b for each channel: what a number a channel has as its gradient. */
export function emitChannelProducts(emitter: Emitter, shape: Pixels) {
  return emitter.module.once(`channel products ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["a", "b", "to"], (f, { a, b, to }) => {
      walkChannels(emitter, f, shape, [a, b], {
        ...sumsOfParts(f),
        each: ({ part }, vector, [x, y]) => {
          const product = f32x4.mul(v128.load(x, vector * 16), v128.load(y, vector * 16));
          f.set(part, f32x4.add(part, product));
        },
        end: ({ sum }, _, at) => f.do(v128.store(to, sum, at)),
      });
    }),
  );
}

/** Every number of [address, end) times a factor, in place. */
export function emitScale(emitter: Emitter, factor: number) {
  return emitter.module.once(`scale ${factor}`, () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      forVectors(emitter, f, [address], end, (at) => {
        const scaled = f.let(f32x4.mul(v128.load(address, at), f32x4.const(factor)));
        f.do(v128.store(address, scaled, at));
      });
    }),
  );
}
