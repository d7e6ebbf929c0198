import { f32x4, v128 } from "../wasm/index.js";
import { type Pixels, sumsOfParts, walkChannels } from "./channel-walk.js";
import type { Emitter } from "./emitter.js";

/** The mean of each channel over the pixels. */
export function emitChannelMeans(emitter: Emitter, shape: Pixels) {
  return emitter.module.once(`channel means ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "to"], (f, { from, to }) => {
      walkChannels(emitter, f, shape, [from], {
        ...sumsOfParts(f),
        each: ({ part }, vector, [x]) => f.set(part, f32x4.add(part, v128.load(x, vector * 16))),
        end: ({ sum }, _, at) => f.do(v128.store(to, f32x4.mul(sum, f32x4.const(1 / shape.pixels)), at)),
      });
    }),
  );
}

/** Each pixel's share of the gradient of the means; added to `to` where `adds`. */
export function emitChannelMeansGradient(emitter: Emitter, shape: Pixels, adds: boolean) {
  return emitter.module.once(`channel means gradient ${adds} ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["gradient", "to"], (f, { gradient, to }) => {
      walkChannels(emitter, f, shape, [to], {
        begin: (_, at) => f.let(f32x4.mul(v128.load(gradient, at), f32x4.const(1 / shape.pixels))),
        each: (share, vector, [target]) => {
          const value = f.let(adds ? f32x4.add(v128.load(target, vector * 16), share) : share);
          f.do(v128.store(target, value, vector * 16));
        },
        end: () => {},
      });
    }),
  );
}
