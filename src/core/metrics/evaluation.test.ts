import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError } from "../errors.js";
import { classFigures, classFiguresOf, confusionMatrix } from "./confusion.js";
import { evaluate } from "./evaluation.js";

interface Fixture {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
  readonly expected: {
    readonly accuracy: number;
    readonly loss: number;
    readonly top2Accuracy: number;
    readonly expectedCalibrationError: number;
    readonly precision: readonly number[];
    readonly recall: readonly number[];
    readonly f1: readonly number[];
    readonly support: readonly number[];
    readonly macro: Readonly<Record<string, number>>;
    readonly weighted: Readonly<Record<string, number>>;
    readonly confusion: readonly (readonly number[])[];
    readonly roc: readonly {
      readonly fpr: readonly (number | null)[];
      readonly tpr: readonly (number | null)[];
      readonly thresholds: readonly (number | null)[];
      readonly auc: number | null;
    }[];
  };
}

const namesOf = (classes: number) => Array.from({ length: classes }, (_, index) => `class ${index}`);

/** Sums in another order differ in their last bits, nothing more. */
function assertNear(actual: number | null, expected: number | null, what: string): void {
  const near =
    actual === null || expected === null
      ? actual === expected
      : Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected));
  assert.ok(near, `${what}: got ${actual}, expected ${expected}`);
}

describe("evaluate against scikit-learn", () => {
  for (const name of ["ten-classes", "ties-and-gaps", "certain"]) {
    it(`judges the ${name} fixture alike`, () => {
      const fixture = JSON.parse(readFileSync(`src/core/metrics/fixtures/${name}.json`, "utf8")) as Fixture;
      const { expected, classes } = fixture;
      const names = namesOf(classes);
      const result = evaluate(Float32Array.from(fixture.probabilities), fixture.labels, names);

      assert.equal(result.n, fixture.labels.length);
      assertNear(result.accuracy, expected.accuracy, "accuracy");
      assertNear(result.loss, expected.loss, "loss");
      assertNear(result.top2Accuracy, expected.top2Accuracy, "top-2 accuracy");
      assertNear(result.expectedCalibrationError, expected.expectedCalibrationError, "calibration error");
      assert.deepEqual(result.confusion, expected.confusion);
      for (const key of ["precision", "recall", "f1"] as const) {
        assertNear(result.macro[key], expected.macro[key], `macro ${key}`);
        assertNear(result.weighted[key], expected.weighted[key], `weighted ${key}`);
        result.classes.forEach((each, index) => {
          assertNear(each[key], expected[key][index], `${key} of ${each.name}`);
        });
      }
      assert.deepEqual(
        result.classes.map(({ support }) => support),
        expected.support,
      );
      assert.deepEqual(
        result.roc.map((curve) => curve.name),
        [...names, "micro"],
      );
      expected.roc.forEach((curve, index) => {
        const own = result.roc[index];
        assert.deepEqual(own.thresholds, curve.thresholds, `thresholds of ${own.name}`);
        for (const key of ["fpr", "tpr"] as const) {
          assert.equal(own[key].length, curve[key].length);
          own[key].forEach((value, point) => {
            assertNear(value, curve[key][point], `${key} of ${own.name}`);
          });
        }
        assertNear(
          index < classes ? result.classes[index].auc : result.microAuc,
          curve.auc,
          `AUC ${own.name}`,
        );
      });
      const areas = expected.roc.slice(0, classes).map(({ auc }) => auc);
      const mean = areas.some((auc) => auc === null)
        ? null
        : areas.reduce<number>((sum, auc) => sum + auc!, 0) / classes;
      assertNear(result.macroAuc, mean, "macro AUC");
    });
  }
});

describe("evaluate by hand", () => {
  it("has every figure of a small example", () => {
    const probabilities = Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.125, 0.875);
    const result = evaluate(probabilities, [0, 1, 1, 0], ["no", "yes"]);
    // Image 1 ties and goes to the first class; images 1 and 3 are wrong.
    assert.deepEqual(result.confusion, [
      [1, 1],
      [1, 1],
    ]);
    assert.equal(result.accuracy, 0.5);
    assert.equal(result.top2Accuracy, 1);
    assertNear(result.loss, -(Math.log(0.75) + Math.log(0.5) + Math.log(0.75) + Math.log(0.125)) / 4, "loss");
    // "yes" scores .25 and .875 for its negatives, .5 and .75 for its positives: 2 of 4 pairs in order.
    assert.equal(result.classes[1].auc, 0.5);
    assert.deepEqual(result.roc[1], {
      name: "yes",
      fpr: [0, 0.5, 0.5, 1],
      tpr: [0, 0, 1, 1],
      thresholds: [null, 0.875, 0.5, 0.25],
    });
    assertNear(result.expectedCalibrationError, (0.25 + 0.5 + 0.25 + 0.875) / 4, "calibration error");
  });

  it("says null where a class has no image, and stays JSON", () => {
    const result = evaluate(Float32Array.of(0.5, 0.25, 0.25, 0.2, 0.7, 0.1), [0, 1], ["a", "b", "c"]);
    assert.equal(result.classes[2].auc, null);
    assert.equal(result.macroAuc, null);
    assert.equal(result.microAuc, 1);
    assert.ok(result.roc[2].tpr.every((rate) => rate === null));
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
  });

  it("has the fields of evaluation.json in their order", () => {
    assert.deepEqual(Object.keys(evaluate(Float32Array.of(0.5, 0.5), [0], ["a", "b"])), [
      "n",
      "accuracy",
      "loss",
      "macroAuc",
      "microAuc",
      "top2Accuracy",
      "expectedCalibrationError",
      "macro",
      "weighted",
      "classes",
      "confusion",
      "roc",
    ]);
  });
});

describe("evaluate with many classes", () => {
  /** Image k is of class k, and taken for it but for the first, which is taken for the last class. */
  const judged = (classes: number, count: number) => {
    const probabilities = new Float32Array(count * classes);
    for (let image = 0; image < count; image++) {
      probabilities[image * classes + (image === 0 ? classes - 1 : image)] = 1;
    }
    const labels = Uint16Array.from({ length: count }, (_, image) => image);
    return evaluate(probabilities, labels, namesOf(classes));
  };

  it("counts 65,536 of them without a matrix or curves", () => {
    const result = judged(65_536, 32);
    assert.equal(result.accuracy, 31 / 32);
    assert.deepEqual([result.confusion, result.roc, result.macroAuc, result.microAuc], [[], [], null, null]);
    const { name: _, ...last } = result.classes[65_535];
    assert.deepEqual(last, { precision: 0, recall: 0, f1: 0, auc: null, support: 0 });
    assert.equal(result.classes[31].f1, 1);
    assertNear(result.macro.recall, 31 / 65_536, "macro recall");
    assertNear(result.weighted.recall, 31 / 32, "weighted recall");
  });

  it("has a matrix of 1,024, and none of more", () => {
    assert.equal(judged(1024, 2).confusion.length, 1024);
    assert.equal(judged(1024, 2).roc.length, 1025);
    assert.deepEqual(judged(1025, 2).confusion, []);
    assert.throws(
      () => confusionMatrix([0], [0], 1025),
      /of 1025 classes would have 1050625 cells: expected at most 1024 classes\. Use classFiguresOf/,
    );
  });

  it("counts the same with a matrix and without", () => {
    const pairs = fc.array(fc.record({ label: fc.nat(4), taken: fc.nat(4) }), { minLength: 1 });
    fc.assert(
      fc.property(pairs, (images) => {
        const labels = images.map(({ label }) => label);
        const predicted = images.map(({ taken }) => taken);
        const counted = classFiguresOf(labels, predicted, 5);
        assert.deepEqual(counted, classFigures(confusionMatrix(labels, predicted, 5)));
      }),
    );
  });
});

describe("evaluate on any input", () => {
  const predictions = fc.integer({ min: 2, max: 5 }).chain((classes) =>
    fc
      .array(
        fc.record({
          label: fc.nat(classes - 1),
          // Few distinct values, so that ties happen.
          weights: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: classes, maxLength: classes }),
        }),
        { minLength: 1, maxLength: 40 },
      )
      .map((images) => ({
        classes,
        labels: images.map(({ label }) => label),
        probabilities: Float32Array.from(
          images.flatMap(({ weights }) => {
            const sum = weights.reduce((a, b) => a + b);
            return weights.map((weight) => weight / sum);
          }),
        ),
      })),
  );

  it("keeps its figures in range and its counts whole", () => {
    fc.assert(
      fc.property(predictions, ({ classes, labels, probabilities }) => {
        const result = evaluate(probabilities, labels, namesOf(classes));
        const shares = [
          result.accuracy,
          result.top2Accuracy,
          result.expectedCalibrationError,
          result.microAuc!,
          ...Object.values(result.macro),
          ...Object.values(result.weighted),
          ...result.classes.flatMap(({ precision, recall, f1, auc }) => [precision, recall, f1, auc ?? 0]),
        ];
        assert.ok(shares.every((share) => share >= 0 && share <= 1 + 1e-12));
        assert.equal(
          result.confusion.flat().reduce((a, b) => a + b),
          labels.length,
        );
        assert.ok(result.loss >= 0);
        // Recall weighted by support is the accuracy.
        assertNear(result.weighted.recall, result.accuracy, "weighted recall");
        for (const curve of result.roc) {
          for (const rates of [curve.fpr, curve.tpr]) {
            assert.ok(rates.every((rate, at) => at === 0 || rate === null || rate >= rates[at - 1]!));
          }
        }
      }),
    );
  });

  it("gives the share of pairs in order as area, ties counted half", () => {
    fc.assert(
      fc.property(predictions, ({ classes, labels, probabilities }) => {
        const result = evaluate(probabilities, labels, namesOf(classes));
        const scores = labels.map((label, image) => ({
          own: label === 0,
          score: probabilities[image * classes],
        }));
        const positives = scores.filter(({ own }) => own);
        const negatives = scores.filter(({ own }) => !own);
        const won = positives.flatMap((a) => negatives.map((b) => (Math.sign(a.score - b.score) + 1) / 2));
        const area = won.length === 0 ? null : won.reduce((a, b) => a + b) / won.length;
        assertNear(result.classes[0].auc, area, "area");
      }),
    );
  });
});

describe("evaluate on bad input", () => {
  const cases: [string, () => unknown, RegExp][] = [
    ["no image", () => evaluate(new Float32Array(0), [], ["a"]), /no image to judge/],
    [
      "sizes that don't fit",
      () => evaluate(new Float32Array(5), [0, 1], ["a", "b"]),
      /Got 5 probabilities for 2 labels and 2 classes: expected 2 × 2 = 4/,
    ],
    [
      "probabilities of another type",
      () => evaluate([0.5, 0.5] as never, [0], ["a", "b"]),
      /^predictions: probabilities must be a Float32Array, but is \[0\.5, 0\.5\]\. Make one with Float32Array/,
    ],
    [
      "no names",
      () => evaluate(Float32Array.of(0.5, 0.5), [0], 2 as never),
      /^evaluate: classNames must be a list of one name a class, but is 2\.$/,
    ],
    [
      "a label out of range",
      () => evaluate(Float32Array.of(0.5, 0.5), [2], ["a", "b"]),
      /Image 0 has label 2: expected a whole number from 0 to 1/,
    ],
    [
      "a probability that is no number",
      () => evaluate(Float32Array.of(0.5, Number.NaN), [0], ["a", "b"]),
      /Image 0 has probability NaN for class 1.*diverged/,
    ],
  ];
  for (const [what, call, message] of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(call, (error: Error) => {
        assert.ok(error instanceof HeddleError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
