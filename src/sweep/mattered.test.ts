import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mattered, rankCorrelation } from "./mattered.js";
import { resultsOf } from "./results.js";
import { sweepSpec } from "./spec.js";
import { trialRecord } from "./testing/records.js";

const base = { model: "lenet", epochs: 2 };

describe("the rank correlation", () => {
  it("is Spearman's, equal values sharing their ranks", () => {
    assert.equal(
      rankCorrelation([
        [1, 10],
        [2, 20],
        [3, 40],
      ]),
      1,
    );
    assert.equal(
      rankCorrelation([
        [1, 3],
        [2, 2],
        [4, 1],
      ]),
      -1,
    );
    // Ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3.5, 3.5, 5.
    const pairs = [
      [1, 3],
      [2, 1],
      [2, 4],
      [4, 4],
      [5, 9],
    ] as const;
    assert.ok(Math.abs(rankCorrelation(pairs) - 7.25 / 9.5) < 1e-12);
    assert.equal(
      rankCorrelation([
        [1, 1],
        [1, 2],
      ]),
      0,
    );
  });
});

describe("what mattered", () => {
  it("tells each setting's values and how they went with the scores, most decisive first", async () => {
    const vary = { labelSmoothing: [0, 0.1], "schedule.learningRate": [0.1, 0.2, 0.4] };
    const spec = await sweepSpec({ kind: "grid", base: { ...base, schedule: "cosine" }, vary });
    // The rate decides, the smoothing adds a little.
    const scores = [0.5, 0.6, 0.7, 0.51, 0.61, 0.71];
    const records = scores.map((score, index) =>
      trialRecord(`00${index + 1}-seed1`, [0.1, score], "finished"),
    );
    const { configurations, best } = resultsOf(
      spec,
      new Map(records.map((each) => [each.id, each])),
      new Map(),
    );
    assert.equal(best?.configuration.name, "006");
    const [rate, smoothing] = mattered(spec, configurations);
    assert.deepEqual([rate.path, smoothing.path], ["schedule.learningRate", "labelSmoothing"]);
    assert.deepEqual(
      rate.values.map(({ value, count, best: top }) => [value, count, top]),
      [
        [0.1, 2, 0.51],
        [0.2, 2, 0.61],
        [0.4, 2, 0.71],
      ],
    );
    assert.ok(Math.abs(rate.values[0].mean - 0.505) < 1e-12);
    assert.ok((rate.correlation ?? 0) > 0.9 && (rate.share ?? 0) > 0.99);
    assert.equal(smoothing.correlation, undefined);
    assert.ok((smoothing.share ?? 1) < 0.01);
  });

  it("knows what came of a setting of many values that are no numbers", async () => {
    const augmentation = Array.from({ length: 9 }, (_, index) => `shift=${index + 1}`);
    const spec = await sweepSpec({ kind: "grid", base, vary: { augmentation } });
    const records = augmentation.map((_, index) =>
      trialRecord(`00${index + 1}-seed1`, [0.1, 0.5 + index / 100], "finished"),
    );
    const { configurations } = resultsOf(spec, new Map(records.map((each) => [each.id, each])), new Map());
    const [{ values, points, scores }] = mattered(spec, configurations);
    assert.deepEqual([values, points], [[], []]);
    assert.deepEqual([scores.length, Math.max(...scores)], [9, 0.58]);
  });

  it("compares halving's trials where all of them were", async () => {
    const vary = { learningRate: [0.1, 0.2, 0.3, 0.4] };
    const spec = await sweepSpec({
      kind: "halving",
      base: { ...base, epochs: 4 },
      vary,
      halving: { factor: 2 },
    });
    const records = [
      trialRecord("001-seed1", [0.1, 0.9], "paused"),
      trialRecord("002-seed1", [0.2], "paused"),
      trialRecord("003-seed1", [0.3, 0.4, 0.5, 0.6], "finished"),
      trialRecord("004-seed1", [0.4], "diverged"),
    ];
    const { configurations, best } = resultsOf(
      spec,
      new Map(records.map((each) => [each.id, each])),
      new Map(),
    );
    // What went furthest is the best of them, whatever a shorter one came to.
    assert.equal(best?.configuration.name, "003");
    assert.deepEqual(
      configurations.map(({ state }) => state),
      ["done", "done", "done", "set aside"],
    );
    const [{ points }] = mattered(spec, configurations);
    assert.deepEqual(points, [
      [0.1, 0.1],
      [0.2, 0.2],
      [0.3, 0.3],
    ]);
  });
});
