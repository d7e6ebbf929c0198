import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic } from "./arithmetic.js";
import { type ConvolutionGeometry, forwardProduct } from "./convolution.js";
import { emitProduct } from "./product.js";
import { kernelBench } from "./testing/kernel-bench.js";

describe("a product", () => {
  it("is the same where its tiles are called by several functions", () => {
    const grid = { height: 5, width: 6, pitch: 6, channels: 12 };
    const geometry: ConvolutionGeometry = {
      input: grid,
      output: grid,
      kernelSize: [3, 3],
      strides: [1, 1],
      padding: [1, 1],
    };
    const out = 200_000;
    const [whole, parted] = [undefined, 5].map((mostCalls) => {
      const bench = kernelBench(portableArithmetic, (emitter) =>
        emitProduct(emitter, forwardProduct(geometry, "bias", "relu"), 2, mostCalls),
      );
      for (let at = 0; at < 10_000; at++) bench.floats[at] = ((at * 7) % 23) - 11;
      bench.run({ a: 0, weights: 8192, bias: 64, out, firstBlock: 0, endBlock: 2, groups: 1, scratch: 0 });
      return bench.floats.slice(out / 4, out / 4 + 1000);
    });
    assert.ok(whole.some((value) => value > 0));
    assert.deepEqual(parted, whole);
  });
});
