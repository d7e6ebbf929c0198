import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import type { NamedTensor } from "../named-tensor.js";
import { checkFinite, readWeights } from "./weights.js";

const model = {
  tensors: [
    { name: "a.kernel", shape: [2, 1] },
    { name: "a.bias", shape: [1] },
  ],
  channels: 2,
};
const kernel: NamedTensor = { name: "a.kernel", shape: [2, 1], data: Float32Array.of(1, 2) };
const bias: NamedTensor = { name: "a.bias", shape: [1], data: Float32Array.of(3) };
const scale: NamedTensor = { name: "normalization.scale", shape: [2], data: Float32Array.of(0.5, 0.25) };
const shift: NamedTensor = { name: "normalization.shift", shape: [2], data: Float32Array.of(-1, 0) };

describe("weights that are handed in", () => {
  it("are copied, in the model's order", () => {
    const { weights, normalization } = readWeights([bias, kernel], model, "setWeights");
    assert.deepEqual(weights, [kernel, bias]);
    assert.notEqual(weights[0].data, kernel.data);
    assert.equal(normalization, undefined);
  });

  it("may bring their normalization", () => {
    const { weights, normalization } = readWeights([shift, kernel, scale, bias], model, "setWeights");
    assert.deepEqual(weights, [kernel, bias]);
    assert.deepEqual(normalization, { mean: [2 / 255, -0], deviation: [2 / 255, 4 / 255] });
  });

  const wrong: readonly [unknown, RegExp, "UsageError" | "HeddleError"][] = [
    [undefined, /^setWeights takes a list of tensors such as .*, but got nothing\.$/, "UsageError"],
    [Promise.resolve([]), /but got a promise \(await it first\)/, "UsageError"],
    [[kernel, 7], /but number 1 of it is 7\.$/, "UsageError"],
    [[kernel, { ...bias, shape: ["1"] }], /but number 1 of it is an object/, "UsageError"],
    [
      [{ ...kernel, data: [1, 2] }, bias],
      /the data of "a\.kernel" must be a Float32Array, but is \[1, 2\]\. Make one/,
      "UsageError",
    ],
    [[kernel], /weights of another model: a\.bias is missing\. Build the model/, "HeddleError"],
    [[kernel, bias, { ...bias, name: "b" }], /"b" is not one of its tensors/, "HeddleError"],
    [[kernel, bias, bias], /setWeights got two tensors named "a\.bias"/, "HeddleError"],
    [[{ ...kernel, shape: [1, 2] }, bias], /"a\.kernel" is \[1, 2\], not \[2, 1\]/, "HeddleError"],
    [
      [{ ...kernel, data: new Float32Array(3) }, bias],
      /a\.kernel is \[2, 1\], 2 numbers, but its data has 3/,
      "HeddleError",
    ],
    [[kernel, bias, scale], /normalization\.shift is missing/, "HeddleError"],
    [
      [kernel, bias, { ...scale, data: Float32Array.of(1, 0) }, shift],
      /every number of normalization\.scale must be above 0/,
      "UsageError",
    ],
    [
      [kernel, bias, scale, { ...shift, data: Float32Array.of(1, Number.NaN) }],
      /number 1 of normalization\.shift is NaN/,
      "HeddleError",
    ],
  ];
  for (const [given, message, kind] of wrong) {
    it(`are refused: ${message.source.slice(0, 60)}`, () => {
      assert.throws(
        () => readWeights(given, model, "setWeights"),
        (error) => {
          assert.ok(error instanceof HeddleError && error instanceof UsageError === (kind === "UsageError"));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("are told from those that diverged", () => {
    checkFinite([kernel, bias], "setWeights");
    const spoilt = { ...kernel, data: Float32Array.of(1, Number.POSITIVE_INFINITY) };
    assert.throws(
      () => checkFinite([bias, spoilt], "setWeights"),
      /setWeights: number 1 of a\.kernel is Infinity\. Weights that have diverged/,
    );
  });
});
