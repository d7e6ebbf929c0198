import { type FunctionBuilder, type I32Like, i32, type Local } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** The body for each of some neighbours, an even number of them: side by side where pairs are joined. */
export function forNeighbours(
  emitter: Emitter,
  f: FunctionBuilder,
  neighbours: readonly number[],
  body: (neighbour: number) => void,
): void {
  if (emitter.tiling.pairs) f.together(neighbours, body);
  else for (const neighbour of neighbours) body(neighbour);
}

/** The two vectors of a block of eight channels, by their offset in bytes: side by side where pairs are joined. */
export const eachHalf = (emitter: Emitter, f: FunctionBuilder, body: (offset: number) => void): void =>
  forNeighbours(emitter, f, [0, 16], body);

/**
 * Walks vectors of four numbers until the first pointer meets `end`, all pointers moving along; two at a time where
 * pairs are joined. The body, without branch or loop, adds its offset to every address that moves.
 */
export function forVectors(
  emitter: Emitter,
  f: FunctionBuilder,
  pointers: readonly Local<"i32">[],
  end: I32Like,
  body: (offset: number) => void,
): void {
  const advance = (bytes: number): void => {
    for (const pointer of pointers) f.add(pointer, bytes);
  };
  const [first] = pointers;
  // Once: it may be told from a pointer that moves.
  const limit = f.let(i32.add(end, 0));
  if (emitter.tiling.pairs) {
    const last = f.let(i32.sub(limit, 16));
    f.while(i32.ltU(first, last), () => {
      f.together([0, 16], body);
      advance(32);
    });
  }
  f.while(i32.ltU(first, limit), () => {
    body(0);
    advance(16);
  });
}

/** Walks the vectors of some bytes of channels, a number known beforehand, by their offset; two at a time where pairs are joined. */
export function forChannels(
  emitter: Emitter,
  f: FunctionBuilder,
  bytes: number,
  body: (channel: Local<"i32">, offset: number) => void,
): void {
  const paired = emitter.tiling.pairs ? Math.floor(bytes / 32) * 32 : 0;
  if (paired > 0)
    f.for({ to: paired, step: 32 }, (channel) => f.together([0, 16], (offset) => body(channel, offset)));
  if (paired < bytes) f.for({ from: paired, to: bytes, step: 16 }, (channel) => body(channel, 0));
}
