import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../random.js";
import { calibrate, calibrationFigures, confidenceThreshold, isCalibration, isUnsure } from "./calibrate.js";
import { crossEntropy } from "./cross-entropy.js";
import { type Predictions, predictedClasses, predictionsOf } from "./predictions.js";
import { atTemperature, fitTemperature } from "./temperature.js";

/** Labels drawn from the very probabilities that a model would give at temperature 1, which it gives at another. */
function drawn(count: number, given: number, seed: number): Predictions {
  const random = createRandom(seed);
  const classes = 4;
  const probabilities = new Float32Array(count * classes);
  const labels = Array.from({ length: count }, (_, image) => {
    const logits = Array.from({ length: classes }, () => 4 * random.uniform());
    const softmax = (temperature: number): number[] => {
      const shares = logits.map((each) => Math.exp(each / temperature));
      return shares.map((each) => each / shares.reduce((sum, one) => sum + one, 0));
    };
    probabilities.set(softmax(given), image * classes);
    let left = random.uniform();
    return Math.min(
      classes - 1,
      softmax(1).findIndex((each) => {
        left -= each;
        return left < 0;
      }) >>> 0,
    );
  });
  return predictionsOf(probabilities, labels, classes);
}

const lossAt = (predictions: Predictions, temperature: number): number =>
  crossEntropy({
    ...predictions,
    probabilities: atTemperature(predictions.probabilities, predictions.classes, temperature),
  });

describe("the temperature", () => {
  it("undoes a model's being too sure, or not sure enough", () => {
    for (const given of [0.4, 1, 2.5]) {
      const found = fitTemperature(drawn(4000, given, 3));
      assert.ok(Math.abs(found * given - 1) < 0.1, `${found} for ${given}`);
    }
  });

  it("has the least cross-entropy of all", () => {
    const predictions = drawn(300, 0.3, 7);
    const found = fitTemperature(predictions);
    for (const other of [0.5, 0.9, 0.99, 1.01, 1.1, 2])
      assert.ok(lossAt(predictions, found) <= lossAt(predictions, found * other), `${other}`);
  });

  it("is within its bounds, and finite, whatever is right", () => {
    const probability = fc.float({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(probability, fc.nat(1)), { minLength: 1, maxLength: 30 }), (images) => {
        const probabilities = Float32Array.from(images.flatMap(([each]) => [each, 1 - each]));
        const predictions = predictionsOf(
          probabilities,
          images.map(([, label]) => label),
          2,
        );
        const found = fitTemperature(predictions);
        assert.ok(found >= 1 / 16 && found <= 16, `${found}`);
        assert.ok(lossAt(predictions, found) <= lossAt(predictions, 1) + 1e-6);
        assert.ok(isCalibration(JSON.parse(JSON.stringify(calibrate(predictions)))));
      }),
    );
  });

  it("is 1 where no temperature is better than another", () => {
    for (const classes of [2, 3]) {
      const labels = Uint8Array.from({ length: 30 }, (_, image) => image % classes);
      const probabilities = new Float32Array(30 * classes).fill(1 / classes);
      assert.equal(fitTemperature(predictionsOf(probabilities, labels, classes)), 1);
    }
  });

  it("is 1 where every image is right: nothing says how sure to be", () => {
    assert.equal(fitTemperature(predictionsOf(Float32Array.of(0.6, 0.4, 0.3, 0.7), [0, 1], 2)), 1);
  });

  it("of fewer than twenty images is 1, unless it is given", () => {
    const predictions = named([...times(15, 0.75, true), ...times(4, 0.75, false)]);
    assert.notEqual(fitTemperature(predictions), 1);
    assert.equal(calibrate(predictions).temperature, 1);
    assert.equal(calibrate(predictions, { temperature: 2 }).temperature, 2);
    assert.notEqual(calibrate(named([...times(15, 0.75, true), ...times(5, 0.75, false)])).temperature, 1);
  });

  it("names the same classes", () => {
    const predictions = drawn(50, 0.3, 1);
    const scaled = { ...predictions, probabilities: atTemperature(predictions.probabilities, 4, 3) };
    assert.deepEqual(predictedClasses(scaled), predictedClasses(predictions));
    assert.throws(() => atTemperature(predictions.probabilities, 4, 0), /temperature must be a number from/);
  });
});

/** Two classes, of which the first is named with these probabilities, and whether that is right. */
const named = (images: readonly (readonly [number, boolean])[]): Predictions =>
  predictionsOf(
    Float32Array.from(images.flatMap(([each]) => [each, 1 - each])),
    images.map(([, right]) => (right ? 0 : 1)),
    2,
  );

const times = (count: number, confidence: number, right: boolean) =>
  Array.from({ length: count }, () => [confidence, right] as const);

describe("the threshold of trust", () => {
  const cases: readonly (readonly [string, readonly (readonly [number, boolean])[], number | null])[] = [
    ["the lowest that reaches the goal", [...times(30, 0.75, true), ...times(10, 0.625, false)], 0.75],
    ["0 where all may be trusted", [...times(39, 0.75, true), ...times(1, 0.625, false)], 0],
    ["1 where none may", [...times(20, 0.75, false), ...times(30, 0.625, true)], 1],
    ["less than 1 where those of 1 may", [...times(20, 1, true), ...times(30, 0.75, false)], 1 - 2 ** -25],
    ["null of few images", times(19, 0.75, true), null],
    [
      "no line between equals",
      [...times(25, 0.875, true), ...times(20, 0.75, true), ...times(20, 0.75, false)],
      0.875,
    ],
  ];
  for (const [name, images, expected] of cases) {
    it(`is ${name}`, () => assert.equal(confidenceThreshold(named(images), 0.9), expected));
  }

  it("is refused for a goal that is none", () => {
    assert.throws(
      () => calibrate(named(times(30, 0.75, true)), { goal: 0 }),
      /goal must be a number above 0/,
    );
  });

  it("says of other images how many are sure, and how many of those right", () => {
    const calibration = { temperature: 1, unsureBelow: 0.7, goal: 0.95, images: 40 };
    const figures = calibrationFigures(
      named([...times(3, 0.75, true), ...times(1, 0.625, false)]),
      calibration,
    );
    assert.equal(figures.sure, 0.75);
    assert.equal(figures.sureAccuracy, 1);
    const none = calibrationFigures(named(times(2, 0.625, true)), calibration);
    assert.equal(none.sureAccuracy, null);
    assert.equal(isUnsure(0.1, null), false);
  });

  it("takes a goal that is met exactly for met", () => {
    // 0.81 × 300 is a little more than 243.
    const met = [...times(243, 0.75, true), ...times(57, 0.75, false)];
    assert.equal(confidenceThreshold(named(met), 0.81), 0);
  });

  it("tells none that may be trusted from those of a probability of 1", () => {
    const none = confidenceThreshold(named([...times(20, 1, false), ...times(30, 0.625, true)]), 0.9);
    const certain = confidenceThreshold(named([...times(20, 1, true), ...times(30, 0.625, false)]), 0.9);
    assert.deepEqual([isUnsure(1, none), isUnsure(1, certain)], [true, false]);
    assert.equal(isUnsure(1 - 2 ** -24, certain), true);
  });
});
