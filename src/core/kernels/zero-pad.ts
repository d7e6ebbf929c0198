import { i32 } from "../wasm/index.js";
import { emitCopy } from "./copy.js";
import type { Emitter } from "./emitter.js";
import { emitZero } from "./fill.js";
import { type Grid, gridBytes } from "./grid.js";

/** An image within a larger one. */
export interface PadShape {
  readonly inner: Grid;
  readonly outer: Grid;
  /** Rows of the larger above the smaller, and columns left of it. */
  readonly top: number;
  readonly left: number;
}

/** Bytes of a row of the smaller image, from one to the next, from one of the larger to the next, and up to the first. */
function bytesOf({ inner, outer, top, left }: PadShape) {
  const pixel = inner.channels * 4;
  return {
    row: inner.width * pixel,
    innerPitch: inner.pitch * pixel,
    outerPitch: outer.pitch * pixel,
    before: (top * outer.pitch + left) * pixel,
  };
}

/** One sample's image with zeros around it, each number written once. */
export function emitZeroPad(emitter: Emitter, shape: PadShape) {
  const { inner, outer } = shape;
  const bytes = bytesOf(shape);
  const [copy, zero] = [emitCopy(emitter), emitZero(emitter)];
  return emitter.module.once(`zero pad ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "to"], (f, { from, to }) => {
      const end = f.let(i32.add(to, gridBytes(outer)));
      const at = f.let(i32.add(to, bytes.before));
      f.call(zero, { address: to, end: at });
      f.for({ from: 1, to: inner.height + 1 }, (row) => {
        const rowEnd = f.let(i32.add(at, bytes.row));
        f.call(copy, { from, to: at, end: rowEnd });
        f.add(from, bytes.innerPitch);
        f.add(at, bytes.outerPitch);
        f.call(zero, { address: rowEnd, end: i32.select(i32.ltU(row, inner.height), at, end) });
      });
    }),
  );
}

/** The part of a larger image that the smaller one is. */
export function emitCrop(emitter: Emitter, shape: PadShape) {
  const { inner } = shape;
  const bytes = bytesOf(shape);
  const copy = emitCopy(emitter);
  return emitter.module.once(`crop ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "to"], (f, { from, to }) => {
      f.add(from, bytes.before);
      f.for({ to: inner.height }, () => {
        f.call(copy, { from, to, end: i32.add(to, bytes.row) });
        f.add(from, bytes.outerPitch);
        f.add(to, bytes.innerPitch);
      });
    }),
  );
}
