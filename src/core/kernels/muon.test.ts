import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { relaxedArithmetic } from "./arithmetic.js";
import { panelRows } from "./cross-product.js";
import {
  blockBytes,
  emitMuonMomentum,
  emitMuonProduct,
  emitNormalize,
  transposedBlockBytes,
} from "./muon.js";
import { kernelBench } from "./testing/kernel-bench.js";

const place = {
  v: 1024,
  g: 100_000,
  u: 200_000,
  transposed: 300_000,
  scratch: 400_000,
  numbers: 500_000,
  scale: 600_000,
};

/** Where a number of [columns / 8][rows][8] lies, counted in numbers. */
const blocked = (row: number, column: number, rows: number): number =>
  Math.floor(column / 8) * rows * 8 + row * 8 + (column % 8);

describe("Muon's momentum", () => {
  it("ends as zero where there are no gradients any more, not as a number that a processor is slow with", () => {
    const bench = kernelBench(relaxedArithmetic, (emitter) =>
      emitMuonMomentum(emitter, { rows: 4, columns: 8 }, { momentum: 0.5, nesterov: true }),
    );
    const of = (address: number) => bench.floats.subarray(address / 4, address / 4 + 32);
    const { v: velocity, g: gradients, u: ahead, transposed } = place;
    of(velocity).set([2 ** -125, -(2 ** -125), 2 ** -126, -(2 ** -149)]);
    bench.run({ velocity, gradients, ahead, transposed, firstBlock: 0, endBlock: 1 });
    assert.deepEqual(of(velocity).slice(0, 4), Float32Array.of(2 ** -126, -(2 ** -126), 0, 0));
    bench.run({ velocity, gradients, ahead, transposed, firstBlock: 0, endBlock: 1 });
    for (const address of [velocity, ahead]) assert.deepEqual(of(address), new Float32Array(32));
  });

  for (const [rows, columns] of [
    [4, 8],
    [8, 4],
    [12, 20],
    [28, 12],
    [40, 16],
  ]) {
    for (const nesterov of [false, true]) {
      it(`moves ${rows} × ${columns} and turns it over${nesterov ? ", looking ahead" : ""}`, () => {
        const matrix = { rows, columns };
        const bench = kernelBench(relaxedArithmetic, (emitter) =>
          emitMuonMomentum(emitter, matrix, { momentum: 0.5, nesterov }),
        );
        const { floats } = bench;
        const blocks = Math.ceil(columns / 8);
        const size = (blocks * blockBytes(matrix)) / 4;
        const turned = (Math.ceil(rows / 8) * transposedBlockBytes(matrix)) / 4;
        floats.fill(77, place.transposed / 4, place.transposed / 4 + turned + 8);
        floats.fill(77, place.u / 4, place.u / 4 + size + 8);
        const inside = (row: number, column: number): boolean => row < rows && column < columns;
        const v = (row: number, column: number): number => (inside(row, column) ? row * 4 - column : 0);
        const g = (row: number, column: number): number => (inside(row, column) ? row + column * 2 : 0);
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < blocks * 8; column++) {
            floats[place.v / 4 + blocked(row, column, rows)] = v(row, column);
            floats[place.g / 4 + blocked(row, column, rows)] = g(row, column);
          }
        for (let block = 0; block < blocks; block++)
          bench.run({
            velocity: place.v,
            gradients: place.g,
            ahead: place.u,
            transposed: place.transposed,
            firstBlock: block,
            endBlock: block + 1,
          });
        for (let row = 0; row < Math.ceil(rows / 8) * 8; row++)
          for (let column = 0; column < blocks * 8; column++) {
            const sum = 0.5 * v(row, column) + g(row, column);
            const ahead = nesterov ? g(row, column) + 0.5 * sum : sum;
            const other = floats[place.transposed / 4 + blocked(column, row, blocks * 8)];
            assert.equal(other, ahead, `${row}, ${column} turned over`);
            if (row >= rows) continue;
            assert.equal(floats[place.v / 4 + blocked(row, column, rows)], sum);
            assert.equal(floats[place.u / 4 + blocked(row, column, rows)], ahead);
          }
        assert.equal(floats[place.u / 4 + size], 77);
        assert.equal(floats[place.transposed / 4 + turned], 77);
      });
    }
  }
});

describe("Muon's first scale", () => {
  it("is one over the norm that the trace gives", () => {
    const side = 16;
    const bench = kernelBench(relaxedArithmetic, (emitter) => emitNormalize(emitter, side));
    const { floats } = bench;
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++)
        floats[place.g / 4 + blocked(row, column, side)] = row === column ? row + 1 : 1000;
    const bytes = side * side * 4;
    for (const from of [0, bytes / 2])
      bench.run({ gram: place.g, out: place.u, scale: place.scale, from, end: from + bytes / 2 });
    const norm = Math.sqrt(136);
    assert.ok(Math.abs(floats[place.scale / 4] * norm - 1) < 1e-6);
    for (let at = 0; at < side * side; at++)
      assert.ok(Math.abs((floats[place.u / 4 + at] * 136) / floats[place.g / 4 + at] - 1) < 1e-6);
  });
});

describe("Muon's last product", () => {
  const matrix = { rows: 28, columns: 12 };
  const steps = 3;
  const product = { rows: 28, leftBlock: steps * 32, rightBlock: steps * 32, steps };
  for (const kind of ["store", "update"] as const) {
    it(`goes ${kind === "store" ? "into another matrix" : "onto the weights, which decay"}`, () => {
      const numbers = { address: place.numbers };
      const finish = kind === "store" ? { kind } : { kind, numbers, weightDecay: 0.5, factor: 2 };
      const bench = kernelBench(relaxedArithmetic, (emitter) =>
        emitMuonProduct(emitter, matrix, product, place.scale, finish),
      );
      const { floats } = bench;
      const left = (step: number, row: number): number => step + row / 4;
      const right = (step: number, column: number): number => step * 2 - column;
      for (let step = 0; step < steps; step++) {
        for (let row = 0; row < 32; row++) floats[place.g / 4 + blocked(step, row, steps)] = left(step, row);
        for (let column = 0; column < 16; column++)
          floats[place.u / 4 + blocked(step, column, steps)] = right(step, column);
      }
      floats.fill(10, place.v / 4, place.v / 4 + 16 * 28 + 8);
      floats[place.scale / 4] = 0.25;
      floats.set([7, 7, 7, 0.5], place.numbers / 4);
      const panels = Math.ceil(matrix.rows / panelRows);
      for (let panel = 0; panel < panels; panel++)
        bench.run({
          left: place.g,
          right: place.u,
          out: place.v,
          firstPanel: panel,
          endPanel: panel + 1,
          scratch: place.scratch,
        });
      for (let row = 0; row < 28; row++)
        for (let column = 0; column < 16; column++) {
          const x = [0, 1, 2].reduce((sum, step) => sum + left(step, row) * right(step, column), 0) * 0.25;
          const expected = kind === "store" ? x : 10 - 0.5 * 0.5 * 10 - 0.5 * 2 * x;
          const actual = floats[place.v / 4 + blocked(row, column, 28)];
          assert.ok(Math.abs(actual - expected) < 1e-4, `${row}, ${column}: ${actual}, not ${expected}`);
        }
      assert.equal(floats[place.v / 4 + 16 * 28], 10);
    });
  }
});
