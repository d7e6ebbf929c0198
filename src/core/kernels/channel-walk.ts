import { type FunctionBuilder, f32x4, type I32Like, i32, type Local, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { evenSplit } from "./tiling.js";
import { forNeighbours, forVectors } from "./vectors.js";

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
  emitter: Emitter,
  f: FunctionBuilder,
  { pixels, channels }: Pixels,
  pointers: readonly Local<"i32">[],
  parts: {
    /** Once a group, before its pixels. */
    start?(): void;
    /** Once a pixel of every group, before its vectors. */
    pixel?(): void;
    begin(vector: number, at: number): State;
    each(state: State, vector: number, moving: readonly Local<"i32">[]): void;
    end(state: State, vector: number, at: number): void;
    /** Once every so many pixels of a vector and before its `end`: where long sums are put together from parts. */
    readonly fold?: { readonly every: number; part(state: State, vector: number): void };
  },
): void {
  let at = 0;
  // Whole blocks of eight where there are, so that neighbouring vectors can be joined.
  const unit = channels % 8 === 0 ? 2 : 1;
  for (const units of evenSplit(channels / 4 / unit, vectorsAtOnce / unit)) {
    const size = units * unit;
    const first = at;
    const vectors = Array.from({ length: size }, (_, vector) => vector);
    const eachOf = (body: (vector: number) => void): void => {
      if (unit === 2) forNeighbours(emitter, f, vectors, body);
      else for (const vector of vectors) body(vector);
    };
    const states: State[] = [];
    eachOf((vector) => states.push(parts.begin(vector, first + vector * 16)));
    const moving = pointers.map((pointer) => f.let(i32.add(pointer, first)));
    parts.start?.();
    const walk = (count: number): void => {
      f.for({ to: count }, () => {
        parts.pixel?.();
        eachOf((vector) => parts.each(states[vector], vector, moving));
        for (const pointer of moving) f.add(pointer, channels * 4);
      });
      eachOf((vector) => parts.fold?.part(states[vector], vector));
    };
    const every = Math.min(parts.fold?.every ?? pixels, pixels);
    if (pixels >= 2 * every) f.for({ to: Math.floor(pixels / every) }, () => walk(every));
    else walk(every);
    if (pixels % every > 0) walk(pixels % every);
    eachOf((vector) => parts.end(states[vector], vector, first + vector * 16));
    at += size * 16;
  }
}

/** Parts of a walk over the pixels that sums up: each part has a sum of its own, since a long one loses what is small. */
export function sumsOfParts(f: FunctionBuilder) {
  return {
    begin: () => ({ sum: f.let(v128.zero()), part: f.let(v128.zero()) }),
    fold: {
      every: 16,
      part: ({ sum, part }: Readonly<Record<"sum" | "part", Local<"v128">>>): void => {
        f.set(sum, f32x4.add(sum, part));
        f.set(part, v128.zero());
      },
    },
  };
}

/**
 * Writes a walk over whole pixels up to where the first pointer meets `end`, four channels at a time: `channel` is
 * their byte offset in a pixel, and all pointers move along. The body adds its offset to all of them.
 */
export function eachVector(
  emitter: Emitter,
  f: FunctionBuilder,
  channels: number,
  pointers: readonly Local<"i32">[],
  end: I32Like,
  body: (channel: Local<"i32">, offset: number) => void,
): void {
  const channel = f.local("i32");
  f.while(i32.ltU(pointers[0], end), () => {
    f.set(channel, i32.const(0));
    forVectors(emitter, f, [channel, ...pointers], channels * 4, (offset) => body(channel, offset));
  });
}
