import { f32, i32 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Channels that each stand several times in a row in another grid. */
export interface ChannelRepeat {
  readonly pixels: number;
  readonly channels: number;
  readonly times: number;
  /** Numbers a pixel, padding included. */
  readonly fromPixel: number;
  readonly toPixel: number;
}

/** Every channel so many times, zeros in the padding. */
export function emitRepeatChannels(emitter: Emitter, shape: ChannelRepeat) {
  const { pixels, channels, times, fromPixel, toPixel } = shape;
  return emitter.module.once(`repeat channels ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "to"], (f, { from, to }) => {
      f.for({ to: pixels }, () => {
        const at = f.let(i32.add(from, 0));
        f.for({ to: channels }, () => {
          f.for({ to: times }, () => {
            f.do(f32.store(to, f32.load(at)));
            f.add(to, 4);
          });
          f.add(at, 4);
        });
        f.for({ to: toPixel - channels * times }, () => {
          f.do(f32.store(to, f32.const(0)));
          f.add(to, 4);
        });
        f.add(from, fromPixel * 4);
      });
    }),
  );
}

/** The sum of each channel's repetitions, in their order, zeros in the padding. */
export function emitRepeatChannelsGradient(emitter: Emitter, shape: ChannelRepeat) {
  const { pixels, channels, times, fromPixel, toPixel } = shape;
  return emitter.module.once(`repeat channels gradient ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["gradient", "to"], (f, { gradient, to }) => {
      f.for({ to: pixels }, () => {
        const at = f.let(i32.add(gradient, 0));
        f.for({ to: channels }, () => {
          const sum = f.let(f32.const(0));
          f.for({ to: times }, () => {
            f.set(sum, f32.add(sum, f32.load(at)));
            f.add(at, 4);
          });
          f.do(f32.store(to, sum));
          f.add(to, 4);
        });
        f.for({ to: fromPixel - channels }, () => {
          f.do(f32.store(to, f32.const(0)));
          f.add(to, 4);
        });
        f.add(gradient, toPixel * 4);
      });
    }),
  );
}
