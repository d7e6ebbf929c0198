import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError, UsageError } from "../core/errors.js";
import { adam, sgd } from "../core/optimizers/index.js";
import type { RunSummary } from "./list-runs.js";
import type { TrainingSettings } from "./run-config.js";
import { parseRunFilter, type RunSortName, runSortNames, selectRuns } from "./select-runs.js";

const settings = {
  epochs: 50,
  batchSize: 128,
  optimizer: adam(),
  schedule: { name: "constant", learningRate: 0.001 },
  labelSmoothing: 0,
  augmentation: null,
  seed: 1,
  splitSeed: 1,
  limit: null,
  portable: false,
} as TrainingSettings;

const base = { epochsDone: 50, epochs: 50, seconds: 9, data: "fashion-mnist", settings };

const runs: readonly RunSummary[] = [
  { ...base, folder: "runs/b", model: "lenet", startedAt: "2026-01-01", testAccuracy: 0.9 },
  {
    ...base,
    folder: "runs/a",
    model: "resNet20",
    startedAt: "2026-01-02",
    testAccuracy: 0.95,
    seconds: 90,
    settings: { ...settings, optimizer: sgd({ momentum: 0.9 }), seed: 2 },
    note: "the good one",
  },
  { folder: "runs/broken", epochsDone: 0, seconds: 0, problem: "It has no config.json." },
];

const found = (filters: readonly string[], sort?: RunSortName, reverse?: boolean): string[] =>
  selectRuns(runs, { where: filters.map(parseRunFilter), sort, reverse }).map(({ folder }) =>
    folder.slice(5),
  );

describe("runs of a list", () => {
  it("are found by the very percent that they have", () => {
    const [run] = runs;
    for (let hundredths = 0; hundredths <= 10_000; hundredths++) {
      const where = [parseRunFilter(`accuracy=${(hundredths / 100).toFixed(2)}%`)];
      const own = [{ ...run, testAccuracy: hundredths / 10_000 }];
      assert.equal(selectRuns(own, { where }).length, 1, `${hundredths}`);
    }
  });

  const cases: readonly [filters: readonly string[], names: readonly string[]][] = [
    [[], ["b", "a", "broken"]],
    [["model=lenet"], ["b"]],
    [["model!=lenet"], ["a", "broken"]],
    [["accuracy>0.9"], ["a"]],
    [["accuracy>=0.9"], ["b", "a"]],
    [["accuracy>=93%"], ["a"]],
    [["accuracy<90.5 %"], ["b"]],
    [["accuracy=90%"], ["b"]],
    [["accuracy="], ["broken"]],
    [["testAccuracy < 0.95"], ["b"]],
    [["optimizer=sgd"], ["a"]],
    [["optimizer.momentum=0.90"], ["a"]],
    [["seed=1", "epochs=50"], ["b"]],
    [["note="], ["b", "broken"]],
    [["note=the good one"], ["a"]],
    [["augmentation="], ["b", "a", "broken"]],
    [["seconds>9"], ["a"]],
    [["started>2026-01-01"], ["a"]],
  ];
  for (const [filters, names] of cases) {
    it(`are chosen by ${filters.join(" and ") || "nothing"}`, () => assert.deepEqual(found(filters), names));
  }

  it("are put in order, the best and the first names first, what has none of it last", () => {
    assert.deepEqual(found([], "accuracy"), ["a", "b", "broken"]);
    assert.deepEqual(found([], "accuracy", true), ["b", "a", "broken"]);
    assert.deepEqual(found([], "name"), ["a", "b", "broken"]);
    assert.deepEqual(found([], "name", true), ["broken", "b", "a"]);
    assert.deepEqual(found([], "time", true), ["a", "b", "broken"]);
    assert.deepEqual(found([], "model"), ["b", "a", "broken"]);
    assert.deepEqual(found([], "validation"), ["b", "a", "broken"]);
    for (const name of runSortNames) assert.equal(found([], name).length, 3);
  });

  it("can't be chosen by what none of them has", () => {
    assert.throws(
      () => found(["optimiser=adam"]),
      (error) => {
        assert.ok(error instanceof HeddleError);
        assert.match(error.message, /No run has "optimiser" to filter by\. Did you mean "optimizer"\?/);
        return true;
      },
    );
  });

  it("can't be more or less than what is no number, where they have a figure", () => {
    for (const [filter, words] of [
      [
        "accuracy>=high",
        /^accuracy>=high compares a number, such as 0\.9, with "high": expected .*accuracy>=90%/,
      ],
      ["epochs<", /^epochs< compares a number, such as 50, with "": expected a number/],
      ["seconds>1m%", /with "1m%"/],
    ] as const) {
      assert.throws(
        () => found([filter]),
        (error) => error instanceof UsageError && words.test(error.message),
        filter,
      );
    }
  });

  it("take any text for a filter or refuse it in words", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z._]{1,12}[=<>!]{1,2}.{0,5}$/)), (text) => {
        try {
          selectRuns(runs, { where: [parseRunFilter(text)] });
        } catch (error) {
          assert.ok(error instanceof HeddleError, String(error));
        }
      }),
    );
    assert.throws(() => parseRunFilter("accuracy"), UsageError);
  });
});
