import { f32x4, i32, v128 } from "../wasm/index.js";
import { type Pixels, walkChannels } from "./channel-walk.js";
import type { Emitter } from "./emitter.js";

/** out = a · b, number by number up to the end of out, which may be one of them. */
export function emitMultiply(emitter: Emitter) {
  return emitter.module.once("multiply", () =>
    emitter.module.function(["a", "b", "out", "end"], (f, { a, b, out, end }) => {
      f.while(i32.ltU(out, end), () => {
        f.do(v128.store(out, f32x4.mul(v128.load(a), v128.load(b))));
        for (const pointer of [a, b, out]) f.add(pointer, 16);
      });
    }),
  );
}

/** Every pixel's channels times one number for each channel. */
export function emitMultiplyChannels(emitter: Emitter, shape: Pixels) {
  return emitter.module.once(`multiply channels ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "by", "to"], (f, { from, by, to }) => {
      walkChannels(f, shape, [from, to], {
        begin: (_, at) => f.let(v128.load(by, at)),
        each: (factor, vector, [x, y]) =>
          f.do(v128.store(y, f32x4.mul(v128.load(x, vector * 16), factor), vector * 16)),
        end: () => {},
      });
    }),
  );
}

/** The sum over the pixels of a · b for each channel: what a number a channel has as its gradient. */
export function emitChannelProducts(emitter: Emitter, shape: Pixels) {
  return emitter.module.once(`channel products ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["a", "b", "to"], (f, { a, b, to }) => {
      walkChannels(f, shape, [a, b], {
        begin: () => f.let(v128.zero()),
        each: (sum, vector, [x, y]) => {
          const product = f32x4.mul(v128.load(x, vector * 16), v128.load(y, vector * 16));
          f.set(sum, f32x4.add(sum, product));
        },
        end: (sum, _, at) => f.do(v128.store(to, sum, at)),
      });
    }),
  );
}

/** Every number of [address, end) times a factor, in place. */
export function emitScale(emitter: Emitter, factor: number) {
  return emitter.module.once(`scale ${factor}`, () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      f.while(i32.ltU(address, end), () => {
        f.do(v128.store(address, f32x4.mul(v128.load(address), f32x4.const(factor))));
        f.add(address, 16);
      });
    }),
  );
}
