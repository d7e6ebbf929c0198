import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { judgeClaims } from "./index.js";

const whole = syntheticResults({ epochs: 20, images: 50 });

const judged = (results: ReproductionResults, id: string) =>
  judgeClaims(results).find((claim) => claim.id === id)!;

const changed = (of: (record: TrialRecord) => Partial<TrialRecord>): ReproductionResults => ({
  ...whole,
  records: whole.records.map((record) => ({ ...record, ...of(record) })),
});

const kindOf = ({ factors }: TrialRecord): string =>
  factors.experiment === "schedule" ? factors.schedule : factors.experiment;

describe("Figure 5's claim", () => {
  /** The Proposed CNN's curves: accuracies a gap apart, a validation loss below the training loss or not. */
  const curves = ({
    smoothing = 0,
    gap = 0,
    below = true,
    unrest = 0,
  }: {
    smoothing?: number;
    gap?: number;
    below?: boolean;
    /** How far the validation loss lies from its last value in epoch twelve, a share of it. */
    unrest?: number;
  }) =>
    judged(
      changed((record) => ({
        config: { ...record.config, labelSmoothing: smoothing },
        history: record.history.map((epoch) => ({
          ...epoch,
          trainAccuracy: 0.9,
          validationAccuracy: 0.9 + gap,
          trainLoss: 0.5,
          validationLoss: (below ? 0.4 : 0.6) * (epoch.epoch === 12 ? 1 + unrest : 1),
        })),
      })),
      "proposed-curve",
    );

  it("is judged by losses, stability and closeness where no labels are smoothed", () => {
    assert.equal(curves({}).verdict, "holds");
    assert.equal(curves({ below: false }).verdict, "holds in part");
    assert.deepEqual(
      [0.0099, 0.0101, 0.0201].map((gap) => curves({ gap }).verdict),
      ["holds", "holds in part", "holds in part"],
    );
    // Stable in part and never below: how close they are decides.
    assert.deepEqual(
      [0.0101, 0.0201].map((gap) => curves({ gap, below: false, unrest: 0.15 }).verdict),
      ["doesn't hold", "doesn't hold"],
    );
    assert.deepEqual(
      [0.0101, 0.0201].map((gap) => curves({ gap, below: true, unrest: 0.15, smoothing: 0.05 }).verdict),
      ["holds in part", "doesn't hold"],
    );
    assert.match(curves({ gap: 0.03 }).finding, /below the training loss in 20 of 20 epochs/);
    assert.match(curves({ gap: 0.03 }).finding, /the accuracies are up to 3\.00 points apart/);
  });

  it("can't be tested on its losses where training smooths the labels", () => {
    for (const below of [true, false]) {
      const { verdict, finding } = curves({ smoothing: 0.05, below });
      assert.equal(verdict, "holds in part");
      assert.match(finding, /^training smooths the labels, so the two losses can't be compared/);
      assert.doesNotMatch(finding, /below the training loss/);
    }
  });
});

describe("claims on curves", () => {
  it("leave out a trial that diverged, and say so", () => {
    const results = changed((record) =>
      record.id.endsWith("-128-seed2")
        ? { history: [], bestEpoch: 0, outcome: "diverged", test: null, train: null }
        : {},
    );
    for (const id of ["cnn-curve", "proposed-curve"]) {
      const { verdict, finding } = judged(results, id);
      assert.notEqual(verdict, "not run yet");
      assert.match(finding, /; 1 of 3 diverged and is left out/);
      assert.match(finding, /\(so far 3 seeds × 0 to 20 epochs, 1 of 3 diverged, test figures of 2\)$/);
      assert.doesNotMatch(finding, /NaN|Infinity/);
    }
    const none = changed(() => ({ history: [], bestEpoch: 0, outcome: "diverged", test: null, train: null }));
    assert.equal(judged(none, "cnn-curve").verdict, "can't be tested here");
    assert.equal(judged(none, "accuracy").verdict, "can't be tested here");
  });

  it("say which seeds stand behind them so far", () => {
    const few = { ...whole, records: whole.records.filter(({ id }) => !id.endsWith("seed3")) };
    for (const id of ["cnn-curve", "proposed-curve"])
      assert.match(judged(few, id).finding, /\(so far 2 of 3 seeds × 20 epochs\)$/);
  });
});

describe("Algorithm 1 against a constant rate", () => {
  /** The figures of both, the same in each epoch, a little apart from seed to seed. */
  const against = (figures: (schedule: string) => { validation: number; gap: number }) =>
    changed((record) => {
      const kind = kindOf(record);
      if (kind !== "dynamic" && kind !== "constant") return {};
      const { validation, gap } = figures(kind);
      const wiggle = (record.config.seed - 2) * 0.0001;
      return {
        history: record.history.map((epoch) => ({
          ...epoch,
          // What is left of the old figures keeps the choice of the start rate as it was.
          validationAccuracy: validation + wiggle + epoch.validationAccuracy / 1e9,
        })),
        train: { accuracy: validation + gap + wiggle, loss: 0.1 },
      };
    });

  it("overfits less only in part where it trains less", () => {
    const gaps = (dynamic: number) =>
      judged(
        against((schedule) =>
          schedule === "dynamic" ? { validation: dynamic, gap: 0.01 } : { validation: 0.9, gap: 0.03 },
        ),
        "rate-overfitting",
      );
    assert.equal(gaps(0.91).verdict, "holds");
    assert.equal(gaps(0.8).verdict, "holds in part");
    assert.match(gaps(0.8).finding, /its validation accuracy is lower too \(−10\.00 points\)/);
  });

  it("can't be tested where neither comes to the figure, and holds in part where it alone does", () => {
    const at = (dynamic: number, constant: number) =>
      judged(
        against((schedule) => ({ validation: schedule === "dynamic" ? dynamic : constant, gap: 0.01 })),
        "convergence",
      );
    assert.equal(at(0.8, 0.8).verdict, "can't be tested here");
    assert.match(
      at(0.8, 0.8).finding,
      /^0 of 3 seeds get to 90 % by Algorithm 1, 0 of 3 by the constant rate/,
    );
    assert.equal(at(0.92, 0.8).verdict, "holds in part");
    assert.equal(at(0.8, 0.92).verdict, "doesn't hold");
  });

  it("can't be tested where one side has no test figures, and isn't judged by how many have them", () => {
    const results = changed((record) => (kindOf(record) === "constant" ? { test: null } : {}));
    const { verdict, finding } = judged(results, "rate-accuracy");
    assert.equal(verdict, "can't be tested here");
    assert.match(finding, /^3 of 3 seeds come to figures by Algorithm 1, 0 of 3 by the constant rate/);
    const one = changed((record) =>
      kindOf(record) === "constant" && record.config.seed === 2 ? { test: null } : {},
    );
    const fewer = judged(one, "rate-accuracy");
    assert.notEqual(fewer.verdict, "can't be tested here");
    assert.match(fewer.finding, /; 3 of 3 seeds come to figures by Algorithm 1, 2 of 3 by the constant rate/);
  });

  it("isn't judged yet by a single seed", () => {
    const single = (results: ReproductionResults) => ({
      ...results,
      planned: [],
      records: results.records.filter(({ id }) => id.endsWith("seed1")),
    });
    for (const id of ["rate-overfitting", "rate-accuracy", "gap-vs-cnn", "recurrent-worst"])
      assert.equal(judged(single(whole), id).verdict, "can't be judged yet", id);
    for (const constant of [0.92, 0.8]) {
      const results = against((schedule) => ({
        validation: schedule === "dynamic" ? 0.92 : constant,
        gap: 0.01,
      }));
      assert.equal(judged(single(results), "convergence").verdict, "can't be judged yet", `${constant}`);
    }
  });
});
