import { type FunctionBuilder, type I32Like, i32, type Local } from "../wasm/index.js";
import { evenSplit } from "./tiling.js";

/** Values of one sample that lie without gaps, [pixels][channels], channels a multiple of four. */
export interface Pixels {
  readonly pixels: number;
  readonly channels: number;
}

/** Vectors of channels whose sums are held at once: a cache line. */
const vectorsAtOnce = 4;

/**
 * Writes a walk down the pixels for each group of at most 16 channels: `begin` once before, `each` at every
 * pixel, `end` once behind. `at` is a group's first byte among the channels, `vector` the number of four channels
 * in the group.
 */
export function walkChannels<State>(
  f: FunctionBuilder,
  { pixels, channels }: Pixels,
  pointers: readonly Local<"i32">[],
  parts: {
    begin(vector: number, at: number): State;
    each(state: State, vector: number, moving: readonly Local<"i32">[]): void;
    end(state: State, vector: number, at: number): void;
  },
): void {
  let at = 0;
  for (const size of evenSplit(channels / 4, vectorsAtOnce)) {
    const first = at;
    const vectors = Array.from({ length: size }, (_, vector) => vector);
    const states = vectors.map((vector) => parts.begin(vector, first + vector * 16));
    const moving = pointers.map((pointer) => f.let(i32.add(pointer, first)));
    f.for({ to: pixels }, () => {
      for (const vector of vectors) parts.each(states[vector], vector, moving);
      for (const pointer of moving) f.add(pointer, channels * 4);
    });
    for (const vector of vectors) parts.end(states[vector], vector, first + vector * 16);
    at += size * 16;
  }
}

/**
 * Writes a walk over whole pixels up to where the first pointer meets `end`, four channels at a time: `channel` is
 * their byte offset in a pixel, and all pointers move along.
 */
export function eachVector(
  f: FunctionBuilder,
  channels: number,
  pointers: readonly Local<"i32">[],
  end: I32Like,
  body: (channel: Local<"i32">) => void,
): void {
  f.while(i32.ltU(pointers[0], end), () => {
    f.for({ to: channels * 4, step: 16 }, (channel) => {
      body(channel);
      for (const pointer of pointers) f.add(pointer, 16);
    });
  });
}
