import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic, relaxedArithmetic } from "./arithmetic.js";
import { emitPanel, emitSymmetricProduct, panelRows, symmetricScratch } from "./cross-product.js";
import { kernelBench } from "./testing/kernel-bench.js";

const place = { left: 1024, right: 200_000, out: 400_000, addend: 500_000, scratch: 600_000 };

/** A small number for each row and column, not symmetric. */
const number = (row: number, column: number): number => ((row * 37 + column * 11) % 23) / 8 - 1.3;

/** Writes [columns / 8][rows][8] at an address, NaN behind it. */
function fill(
  floats: Float32Array,
  address: number,
  rows: number,
  columns: number,
  value: typeof number,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      floats[address / 4 + Math.floor(column / 8) * rows * 8 + row * 8 + (column % 8)] = value(row, column);
  floats.fill(Number.NaN, address / 4 + rows * columns, address / 4 + rows * columns + 64);
}

function assertNear(actual: number, expected: number, where: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected)),
    `${where}: ${actual}, not ${expected}`,
  );
}

const sum = (steps: number, term: (step: number) => number): number =>
  Array.from({ length: steps }, (_, step) => term(step)).reduce((total, value) => total + value, 0);

for (const arithmetic of [relaxedArithmetic, portableArithmetic]) {
  describe(`products down columns${arithmetic.relaxed ? "" : " (portable)"}`, () => {
    for (const rows of [4, 8, 12, 20, 24, 28, 40, 64]) {
      it(`give every panel of ${rows} rows and touch nothing else`, () => {
        const steps = 7;
        const bench = kernelBench(arithmetic, (emitter) =>
          emitPanel(emitter, { rows, leftBlock: steps * 32 }),
        );
        fill(bench.floats, place.left, steps, Math.ceil(rows / 8) * 8, number);
        fill(bench.floats, place.right, steps, 8, (row, column) => number(column, row + 5));
        for (let panel = 0; panel < Math.ceil(rows / panelRows); panel++) {
          bench.floats.fill(77, place.out / 4, place.out / 4 + panelRows * 8 + 8);
          bench.run({ left: place.left, right: place.right, out: place.out, steps, panel });
          for (let row = 0; row < panelRows; row++)
            for (let column = 0; column < 8; column++) {
              const own = panel * panelRows + row;
              const expected =
                own < rows ? sum(steps, (step) => number(step, own) * number(column, step + 5)) : 77;
              assertNear(bench.floats[place.out / 4 + row * 8 + column], expected, `${own}, ${column}`);
            }
          assert.equal(bench.floats[place.out / 4 + panelRows * 8], 77);
        }
      });
    }

    for (const side of [8, 16, 24, 32, 48, 72]) {
      for (const polynomial of [undefined, { a: 3.5, b: -4.75, c: 2 }]) {
        it(`fill both halves of a symmetric ${side} × ${side}${polynomial ? " polynomial" : ""}`, () => {
          const steps = 9;
          const shape = { side, leftBlock: steps * 32, rightBlock: steps * 32, steps, polynomial };
          const bench = kernelBench(arithmetic, (emitter) => emitSymmetricProduct(emitter, shape));
          fill(bench.floats, place.left, steps, side, number);
          fill(bench.floats, place.addend, side, side, (row, column) => row * column * 1e-3);
          bench.floats.fill(77, place.out / 4, place.out / 4 + side * side + 8);
          const scratchEnd = (place.scratch + symmetricScratch({ side })) / 4;
          bench.floats[scratchEnd] = 77;
          for (let block = 0; block < side / 8; block += 2) {
            const end = Math.min(block + 2, side / 8);
            bench.run({ ...place, right: place.left, firstBlock: block, endBlock: end });
          }
          const at = (row: number, column: number): number =>
            bench.floats[place.out / 4 + Math.floor(column / 8) * side * 8 + row * 8 + (column % 8)];
          for (let row = 0; row < side; row++)
            for (let column = 0; column < side; column++) {
              const gram = sum(steps, (step) => number(step, row) * number(step, column));
              const { a, b, c } = polynomial ?? { a: 0, b: 0, c: 1 };
              const expected = (row === column ? a : 0) + b * row * column * 1e-3 + c * gram;
              assertNear(at(row, column), expected, `${row}, ${column}`);
              assert.equal(at(row, column), at(column, row));
            }
          assert.equal(bench.floats[place.out / 4 + side * side], 77);
          assert.equal(bench.floats[scratchEnd], 77);
        });
      }
    }
  });
}
