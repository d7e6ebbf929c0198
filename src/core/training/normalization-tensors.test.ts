import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { plainNormalization } from "../data/normalization.js";
import { normalizationNumbers } from "../kernels/gather.js";
import { isPlain, normalizationOf, normalizationTensors } from "./normalization-tensors.js";

describe("a normalization as tensors", () => {
  it("is scale and shift of a byte, one a channel", () => {
    const [scale, shift] = normalizationTensors({ mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 1] });
    assert.deepEqual([scale.name, scale.shape], ["normalization.scale", [3]]);
    assert.deepEqual([shift.name, shift.shape], ["normalization.shift", [3]]);
    assert.deepEqual([...scale.data], [2 / 255, 4 / 255, 1 / 255].map(Math.fround));
    assert.deepEqual([...shift.data], [-1, -1, -0]);
  });

  it("has the very numbers that the engine's kernels read", () => {
    const normalization = { mean: [0.2861, 0.1, 0.7], deviation: [0.353, 0.29, 0.11] };
    const numbers = Float32Array.from(normalizationNumbers(normalization));
    const [scale, shift] = normalizationTensors(normalization);
    assert.deepEqual(numbers.slice(0, 3), scale.data);
    assert.deepEqual(numbers.slice(12, 15), shift.data);
  });

  it("comes back to the same float32 from the mean and the deviation that it stands for", () => {
    const scales = fc.float({ min: 2 ** -126, noNaN: true, noDefaultInfinity: true });
    const shifts = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(scales, shifts), { minLength: 1, maxLength: 5 }), (pairs) => {
        const scale = Float32Array.from(pairs, ([value]) => value);
        const shift = Float32Array.from(pairs, ([, value]) => value);
        const [scaleAgain, shiftAgain] = normalizationTensors(normalizationOf(scale, shift));
        assert.deepEqual([...scaleAgain.data], [...scale]);
        assert.ok(shift.every((value, channel) => value === shiftAgain.data[channel]));
      }),
      { numRuns: 1000 },
    );
  });

  it("knows the one that has measured nothing, before and after the way through tensors", () => {
    const plain = plainNormalization(3);
    const [scale, shift] = normalizationTensors(plain);
    assert.ok(isPlain(plain));
    assert.ok(isPlain(normalizationOf(scale.data, shift.data)));
    assert.ok(!isPlain({ mean: [0, 0.01], deviation: [1, 1] }));
    assert.ok(!isPlain({ mean: [0, 0], deviation: [1, 0.99] }));
  });
});
