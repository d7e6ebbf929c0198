import { f32, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Some channels of each pixel, from one grid to another: places and sizes in numbers. */
export interface ChannelMove {
  readonly pixels: number;
  readonly channels: number;
  /** Numbers a pixel, padding included, and where the channels begin in it. */
  readonly from: { readonly pixel: number; readonly offset: number };
  readonly to: { readonly pixel: number; readonly offset: number };
}

/** Copies the channels, and leaves what is beside them as it is. */
export function emitMoveChannels(emitter: Emitter, move: ChannelMove) {
  const { pixels, channels, from, to } = move;
  const whole = channels % 4 === 0;
  return emitter.module.once(`move channels ${JSON.stringify(move)}`, () =>
    emitter.module.function(["source", "target"], (f, { source, target }) => {
      f.for({ to: pixels }, () => {
        f.for({ to: channels * 4, step: whole ? 16 : 4 }, (at) => {
          const [read, write] = [i32.add(source, at), i32.add(target, at)];
          const [readAt, writeAt] = [from.offset * 4, to.offset * 4];
          f.do(
            whole
              ? v128.store(write, v128.load(read, readAt), writeAt)
              : f32.store(write, f32.load(read, readAt), writeAt),
          );
        });
        f.add(source, from.pixel * 4);
        f.add(target, to.pixel * 4);
      });
    }),
  );
}
