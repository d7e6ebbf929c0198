import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { portableArithmetic } from "../../kernels/arithmetic.js";
import { narrowTiling } from "../../kernels/tiling.js";
import { ModuleBuilder } from "../../wasm/index.js";
import { StepSchedule } from "./step-schedule.js";

const mebibyte = 1024 * 1024;

const scheduleOf = (batch: number): StepSchedule => {
  const module = new ModuleBuilder({ maximumPages: 1, shared: false });
  return new StepSchedule(
    { module, arithmetic: portableArithmetic, tiling: narrowTiling, constants: () => 0 },
    batch,
  );
};

/** The shares of a chain's sums of so many bytes each. */
function partsOf(batch: number, ...sums: readonly number[]): number[] {
  const schedule = scheduleOf(batch);
  return sums.map((bytes) => schedule.addPartials(bytes, () => 0).parts);
}

describe("a chain's partial sums", () => {
  it("are made in eight to thirty-two shares of the batch, and in no more than it has samples", () => {
    assert.deepEqual(
      [1, 5, 8, 32, 36, 128, 1000].map((batch) => partsOf(batch, 4)[0]),
      [1, 5, 8, 8, 9, 32, 32],
    );
  });

  it("are made in fewer where the first of them would take more than 64 MiB, but in four", () => {
    assert.deepEqual(partsOf(32, 8 * mebibyte), [8]);
    assert.deepEqual(partsOf(32, 16 * mebibyte), [4]);
    assert.deepEqual(partsOf(128, 16 * mebibyte), [4]);
    assert.deepEqual(partsOf(36, 16 * mebibyte), [4]);
    assert.deepEqual(partsOf(32, 100 * mebibyte), [4]);
  });

  it("are made in equally many in the same chain, and as it needs in the next", () => {
    assert.deepEqual(partsOf(32, 4, 16 * mebibyte), [8, 8]);
    const schedule = scheduleOf(32);
    const parts = (bytes: number): number => schedule.addPartials(bytes, () => 0).parts;
    assert.equal(parts(16 * mebibyte), 4);
    schedule.endChain();
    assert.equal(parts(4), 8);
  });

  it("get room for all of their shares", () => {
    let asked = 0;
    const partials = scheduleOf(32).addPartials(64, (bytes) => {
      asked = bytes;
      return 4096;
    });
    assert.equal(asked, 8 * 64);
    assert.deepEqual(partials, { address: 4096, partBytes: 64, parts: 8 });
  });
});
