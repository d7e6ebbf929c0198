import { f32, f32x4, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { emitTile } from "./tile.js";
import { evenSplit } from "./tiling.js";
import { transpose4 } from "./transpose.js";

/*
 * Products LᵀR of matrices that lie in blocks of eight columns, [columns / 8][steps][8]: row i of the product
 * walks down column i of L, whose numbers are 32 bytes apart, so that neither side is packed anew.
 */

/** Rows of a panel: three blocks of columns of the left side, four full tiles. */
export const panelRows = 24;

/** Bytes of eight by eight numbers, contiguous in a block. */
const squareBytes = 256;

export interface PanelShape {
  /** Rows of the whole product, a multiple of four: the last panel may be lower. */
  readonly rows: number;
  /** Bytes from one block of the left side to the next. */
  readonly leftBlock: number;
}

/**
 * out[row][8] = Σ over steps of left[step][row] · right[step][8], the rows of one panel, from a block of eight
 * columns of the right side.
 */
export function emitPanel(emitter: Emitter, { rows, leftBlock }: PanelShape) {
  const { module, arithmetic } = emitter;
  const tilesOf = (count: number) => {
    let row = 0;
    return evenSplit(count, emitter.tiling.rows).map((size) => {
      const own = Array.from({ length: size }, (_, index) => row + index);
      row += size;
      return emitTile(module, arithmetic, {
        rows: own.map((index) => Math.floor(index / 8) * leftBlock + (index % 8) * 4),
        outRows: own.map((index) => index * 32),
        vectors: [
          { weight: 0, out: 0 },
          { weight: 16, out: 16 },
        ],
        aStep: 32,
        bStep: 32,
        start: "zero",
      });
    });
  };
  return module.once(`panel ${rows} ${leftBlock}`, () => {
    const full = Math.floor(rows / panelRows);
    const tiles = full > 0 ? tilesOf(panelRows) : [];
    const last = tilesOf(rows % panelRows);
    return module.function(
      ["left", "right", "out", "steps", "panel"],
      (f, { left, right, out, steps, panel }) => {
        const a = f.let(i32.add(left, i32.mul(panel, (panelRows / 8) * leftBlock)));
        const call = (some: ReturnType<typeof tilesOf>): void => {
          for (const tile of some) f.call(tile, { a, b: right, out, steps, bias: 0 });
        };
        if (last.length === 0) call(tiles);
        else if (full === 0) call(last);
        else
          f.if(
            i32.ltU(panel, full),
            () => call(tiles),
            () => call(last),
          );
      },
    );
  });
}

/** A symmetric product LᵀR [side, side]; `side` is a multiple of eight. */
export interface SymmetricShape {
  readonly side: number;
  readonly leftBlock: number;
  readonly rightBlock: number;
  readonly steps: number;
  /** Gives a·I + b·addend + c·LᵀR in its place. */
  readonly polynomial?: { readonly a: number; readonly b: number; readonly c: number };
}

/** Bytes of the thread's scratch that a symmetric product wants. */
export const symmetricScratch = ({ side }: { readonly side: number }): number =>
  Math.ceil(side / panelRows) * panelRows * 32;

/**
 * Some blocks of columns of a product that is known to be symmetric, [side / 8][side][8]. Only squares on and
 * above the diagonal are computed; each is written to both its places.
 */
export function emitSymmetricProduct(emitter: Emitter, shape: SymmetricShape) {
  const { module, arithmetic } = emitter;
  const { side, leftBlock, rightBlock, steps, polynomial } = shape;
  return module.once(`symmetric product ${JSON.stringify(shape)}`, () => {
    const panel = emitPanel(emitter, { rows: side, leftBlock });
    const place = module.function(["from", "out", "mirror", "addend"], (f, { from, out, mirror, addend }) => {
      for (const top of [0, 4])
        for (const left of [0, 4]) {
          const values = [0, 1, 2, 3].map((row) => {
            const offset = (top + row) * 32 + left * 4;
            const value = v128.load(from, offset);
            if (!polynomial) return f.let(value);
            const scaled = f32x4.mul(v128.load(addend, offset), f32x4.const(polynomial.b));
            return f.let(arithmetic.madd(value, f32x4.const(polynomial.c), scaled));
          });
          values.forEach((value, row) => {
            f.do(v128.store(out, value, (top + row) * 32 + left * 4));
          });
          transpose4(values, (value) => f.let(value)).forEach((value, row) => {
            f.do(v128.store(mirror, value, (left + row) * 32 + top * 4));
          });
        }
    });
    return module.function(
      ["left", "right", "out", "addend", "firstBlock", "endBlock", "scratch"],
      (f, { left, right, out, addend, firstBlock, endBlock, scratch }) => {
        f.for({ from: firstBlock, to: endBlock }, (block) => {
          const own = f.let(i32.add(right, i32.mul(block, rightBlock)));
          const panels = f.let(i32.divU(i32.add(block, panelRows / 8), panelRows / 8));
          const product = f.let(i32.add(scratch, 0));
          f.for({ to: panels }, (index) => {
            f.call(panel, { left, right: own, out: product, steps, panel: index });
            f.add(product, panelRows * 32);
          });
          const first = f.let(i32.mul(block, side * 32));
          const square = f.let(i32.add(out, first));
          const mirror = f.let(i32.add(out, i32.mul(block, squareBytes)));
          const added = f.let(i32.add(addend, first));
          f.for(
            {
              from: scratch,
              to: i32.add(scratch, i32.mul(i32.add(block, 1), squareBytes)),
              step: squareBytes,
            },
            (from) => {
              f.call(place, { from, out: square, mirror, addend: added });
              f.add(square, squareBytes);
              f.add(mirror, side * 32);
              f.add(added, squareBytes);
            },
          );
          if (!polynomial) return;
          const corner = f.let(i32.add(out, i32.mul(block, diagonalStep(side))));
          for (let lane = 0; lane < 8; lane++)
            f.do(f32.store(corner, f32.add(f32.load(corner, lane * 36), f32.const(polynomial.a)), lane * 36));
        });
      },
    );
  });
}

/** Bytes from one square on the diagonal to the next. */
export const diagonalStep = (side: number): number => side * 32 + squareBytes;
