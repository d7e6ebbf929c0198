import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { slideWindow } from "../../layers/window.js";
import { createRandom } from "../../random.js";
import { activationBackward, activationForward } from "./activations.js";
import { conv2dBackward, conv2dForward } from "./conv2d.js";
import { denseForward } from "./dense.js";
import { dropoutIndex, dropoutKeeps, dropoutKey, dropoutScales } from "./dropout.js";
import { gruForward } from "./gru.js";
import { lstmForward } from "./lstm.js";
import { normalDistribution } from "./normal.js";
import { averagePoolForward, maxPoolBackward, maxPoolForward } from "./pool.js";
import { oneHot, softmaxCrossEntropy } from "./softmax-cross-entropy.js";

const values = (...list: number[]) => Float64Array.from(list);

function assertAllClose(actual: Float64Array, expected: readonly number[], tolerance = 1e-12): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) <= tolerance, `[${at}]: ${value}, not ${expected[at]}`);
  });
}

describe("conv2d", () => {
  it("correlates without turning the kernel over, padded with zeros", () => {
    const geometry = {
      batch: 1,
      input: [2, 3, 1],
      output: [2, 2, 1],
      kernelSize: [2, 2],
      strides: [1, 2],
      paddingBefore: [0, 0],
    } as const;
    const result = conv2dForward(geometry, values(1, 2, 3, 4, 5, 6), values(1, 10, 100, 1000), values(0.5));
    assert.deepEqual(result, values(5421.5, 603.5, 54.5, 6.5));
  });

  it("has the transposed map for its input gradient: ⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩", () => {
    const size = fc.integer({ min: 1, max: 6 });
    const small = fc.integer({ min: 1, max: 3 });
    const padding = fc.constantFrom("valid" as const, "same" as const);
    fc.assert(
      fc.property(
        size,
        size,
        small,
        small,
        small,
        padding,
        fc.nat(),
        (height, width, kernel, stride, channels, pad, seed) => {
          fc.pre(pad === "same" || kernel <= Math.min(height, width));
          const random = createRandom(seed);
          const draw = (length: number) => Float64Array.from({ length }, () => random.normal());
          const rows = slideWindow(height, kernel, stride, pad);
          const columns = slideWindow(width, kernel, stride, pad);
          const geometry = {
            batch: 2,
            input: [height, width, channels],
            output: [rows.output, columns.output, 3],
            kernelSize: [kernel, kernel],
            strides: [stride, stride],
            paddingBefore: [rows.before, columns.before],
          } as const;
          const x = draw(2 * height * width * channels);
          const y = draw(2 * rows.output * columns.output * 3);
          const weights = draw(kernel * kernel * channels * 3);
          const forward = conv2dForward(geometry, x, weights, values(0, 0, 0));
          const back = conv2dBackward(geometry, x, weights, y);
          const pairing = dot(forward, y);
          const tolerance = 1e-10 * (1 + Math.abs(pairing));
          assert.ok(Math.abs(dot(x, back.input) - pairing) < tolerance);
          assert.ok(Math.abs(dot(weights, back.kernel) - pairing) < tolerance);
        },
      ),
      { numRuns: 50 },
    );
  });
});

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}

describe("pools", () => {
  const geometry = {
    batch: 1,
    input: [3, 5, 1],
    output: [1, 2, 1],
    poolSize: [2, 2],
    strides: [2, 2],
  } as const;
  const input = values(1, 4, -3, -3, 9, 4, 2, -3, -8, 9, 9, 9, 9, 9, 9);

  it("leave out what no window reaches", () => {
    assert.deepEqual(maxPoolForward(geometry, input), values(4, -3));
    assert.deepEqual(averagePoolForward(geometry, input), values(2.75, -4.25));
  });

  it("of equal values take the first", () => {
    const expected = new Float64Array(15);
    expected[1] = 5;
    expected[2] = 7;
    assert.deepEqual(maxPoolBackward(geometry, input, values(5, 7)), expected);
  });
});

describe("dense", () => {
  it("multiplies by columns", () => {
    const geometry = { batch: 2, inputs: 2, outputs: 3 };
    const result = denseForward(
      geometry,
      values(1, 2, 3, 4),
      values(1, 10, 100, 2, 20, 200),
      values(0.1, 0.2, 0.3),
    );
    assertAllClose(result, [5.1, 50.2, 500.3, 11.1, 110.2, 1100.3]);
  });
});

describe("activations", () => {
  it("give relu no slope at zero", () => {
    const input = values(-2, 0, 3);
    assert.deepEqual(activationForward({ name: "relu" }, input), values(0, 0, 3));
    assert.deepEqual(activationBackward({ name: "relu" }, values(0, 0, 3), values(7, 7, 7)), values(0, 0, 7));
  });

  it("the normal distribution is right in both tails", () => {
    // Of tables: Φ(1), Φ(−3), Φ(−10), Φ(3).
    const known = [
      [0, 0.5],
      [1, 0.8413447460685429],
      [-2.9, 0.0018658133003840378],
      [-3, 0.0013498980316300946],
      [-10, 7.619853024160527e-24],
      [3, 0.9986501019683699],
    ];
    for (const [x, wanted] of known)
      assert.ok(Math.abs(normalDistribution(x) / wanted - 1) < 1e-12, `Φ(${x}) is ${normalDistribution(x)}`);
  });

  it("keep sigmoid and tanh in range far out", () => {
    assert.deepEqual(activationForward({ name: "sigmoid" }, values(-1000, 0, 1000)), values(0, 0.5, 1));
    assert.deepEqual(activationForward({ name: "tanh" }, values(-1000, 0, 1000)), values(-1, 0, 1));
  });
});

describe("dropout", () => {
  it("drops the share it is asked to, unlike for another key", () => {
    const key = dropoutKey(1, 2, 3);
    const scales = dropoutScales(0.25, key, [100, 100], 1);
    const dropped = scales.filter((scale) => scale === 0).length / scales.length;
    assert.ok(Math.abs(dropped - 0.25) < 0.01, `${dropped}`);
    assert.ok(scales.every((scale) => scale === 0 || scale === 1 / 0.75));
    assert.notDeepEqual(scales, dropoutScales(0.25, dropoutKey(1, 3, 3), [100, 100], 1));
    const single = new Set(scales.slice(0, 100));
    assert.deepEqual(single, new Set([0, 1 / 0.75]));
  });

  it("keeps everything at rate 0", () => {
    assert.deepEqual(dropoutScales(0, 7, [5], 2), new Float64Array(10).fill(1));
  });

  it("numbers values with the channels rounded up to fours", () => {
    assert.equal(dropoutIndex([13, 13, 32], 1, 33), 13 * 13 * 32 + 33);
    assert.equal(dropoutIndex([2, 3, 5], 0, 5), 8);
    assert.equal(dropoutIndex([2, 3, 5], 2, 14), 2 * 48 + 2 * 8 + 4);
    assert.equal(dropoutIndex([10], 1, 9), 12 + 9);
  });

  it("gives a value the same fate at any batch size", () => {
    const two = dropoutScales(0.5, 7, [3, 5], 2);
    assert.deepEqual(dropoutScales(0.5, 7, [3, 5], 1), two.slice(0, 15));
  });

  it("takes numbers past 2³² round", () => {
    for (let index = 0; index < 100; index++) {
      assert.equal(dropoutKeeps(0.5, 9, index + 2 ** 32), dropoutKeeps(0.5, 9, index));
    }
  });
});

describe("lstm", () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

  it("orders its gates i, f, g, o", () => {
    const weights = {
      kernel: values(0.1, 0.2, 0.3, 0.4),
      recurrentKernel: values(-0.5, 0.6, 0.7, -0.8),
      bias: values(0.01, 1, -0.02, 0.03),
    };
    const geometry = { batch: 1, steps: 2, features: 1, units: 1, backward: false };
    const { outputs, cells } = lstmForward(geometry, values(2, -3), weights);
    const c1 = sigmoid(0.21) * Math.tanh(0.58);
    const h1 = sigmoid(0.83) * Math.tanh(c1);
    const c2 =
      sigmoid(1 - 0.6 + 0.6 * h1) * c1 + sigmoid(0.01 - 0.3 - 0.5 * h1) * Math.tanh(-0.02 - 0.9 + 0.7 * h1);
    const h2 = sigmoid(0.03 - 1.2 - 0.8 * h1) * Math.tanh(c2);
    assertAllClose(cells, [c1, c2]);
    assertAllClose(outputs, [h1, h2]);

    const mirrored = lstmForward({ ...geometry, backward: true }, values(-3, 2), weights);
    assertAllClose(mirrored.outputs, [h2, h1]);
  });
});

describe("gru", () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

  it("orders its gates z, r, n, and resets the recurrent product with its bias", () => {
    const weights = {
      kernel: values(0.1, 0.2, 0.3),
      recurrentKernel: values(-0.5, 0.6, 0.7),
      bias: values(0.01, 1, -0.02),
      recurrentBias: values(0.3, -0.4, 0.5),
    };
    const geometry = { batch: 1, steps: 2, features: 1, units: 1, backward: false };
    const { outputs } = gruForward(geometry, values(2, -3), weights);
    const h1 = (1 - sigmoid(0.51)) * Math.tanh(0.58 + sigmoid(1) * 0.5);
    const z = sigmoid(0.01 - 0.3 + 0.3 - 0.5 * h1);
    const r = sigmoid(1 - 0.6 - 0.4 + 0.6 * h1);
    const n = Math.tanh(-0.02 - 0.9 + r * (0.5 + 0.7 * h1));
    assertAllClose(outputs, [h1, z * h1 + (1 - z) * n]);
  });
});

describe("softmaxCrossEntropy", () => {
  it("of even logits is ln classes, whatever the smoothing", () => {
    for (const smoothing of [0, 0.1, 1]) {
      const { losses, probabilities } = softmaxCrossEntropy(values(3, 3, 3, 3), oneHot([2], 4), 4, smoothing);
      assertAllClose(losses, [Math.log(4)]);
      assertAllClose(probabilities, [0.25, 0.25, 0.25, 0.25]);
    }
  });

  it("pulls towards the smoothed target, each sample with its share of the batch", () => {
    const { gradient } = softmaxCrossEntropy(values(0, Math.log(3), 5, 5), oneHot([0, 1], 2), 2, 0.2);
    assertAllClose(gradient, [(0.25 - 0.9) / 2, (0.75 - 0.1) / 2, (0.5 - 0.1) / 2, (0.5 - 0.9) / 2]);
  });

  it("stays finite where e^z doesn't", () => {
    const { losses, gradient } = softmaxCrossEntropy(values(1000, -1000), [0, 1], 2);
    assertAllClose(losses, [2000]);
    assertAllClose(gradient, [1, -1]);
  });
});
