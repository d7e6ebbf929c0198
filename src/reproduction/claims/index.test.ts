import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrainedModel } from "../paper/paper.js";
import type { TrialRecord } from "../plan/trial.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { claims, judgeClaims, verdictCounts } from "./index.js";

const whole = syntheticResults({ epochs: 20, images: 200 });

/** The same trials, those of a model with other test figures. */
const withTest = (
  results: ReproductionResults,
  of: (record: TrialRecord) => Partial<NonNullable<TrialRecord["test"]>> | undefined,
): ReproductionResults => ({
  ...results,
  records: results.records.map((record) => ({ ...record, test: { ...record.test!, ...of(record) } })),
});

const judged = (results: ReproductionResults, id: string) =>
  judgeClaims(results).find((claim) => claim.id === id)!;

const isProposed = ({ factors }: TrialRecord): boolean =>
  factors.experiment === "model" && factors.model === "proposed" && factors.batchSize === 128;

describe("the paper's claims", () => {
  it("have names of their own, a place and a rule", () => {
    assert.equal(new Set(claims.map(({ id }) => id)).size, claims.length);
    for (const { claim, where, rule } of claims)
      for (const words of [claim, rule]) assert.match(words, /\.$/, where);
  });

  it("are all judged where all is run, from trials that are there", () => {
    const known = new Set(whole.records.map(({ id }) => id));
    for (const { id, verdict, finding, sources } of judgeClaims(whole)) {
      assert.notEqual(verdict, "not run yet", id);
      assert.doesNotMatch(finding, /NaN|undefined|Infinity|\.$/, id);
      if (verdict !== "can't be tested here") assert.ok(sources.length > 0, id);
      assert.deepEqual(
        sources.filter((source) => !known.has(source)),
        [],
        id,
      );
    }
  });

  it("are not run yet, or can't be tested, where nothing is run", () => {
    const nothing = { ...whole, planned: [], records: [], predictions: new Map() };
    assert.match(verdictCounts(nothing), /^can't be tested here: \d+; not run yet: \d+$/);
    const { verdict, finding, sources } = judged(nothing, "accuracy");
    assert.deepEqual([verdict, finding, sources], ["not run yet", "needs Proposed CNN", []]);
  });

  it("say which seeds stand behind them so far", () => {
    const partly = { ...whole, records: whole.records.filter(({ id }) => !id.endsWith("seed3")) };
    assert.match(judged(partly, "accuracy").finding, /\(so far 2 of 3 seeds × 20 epochs\)$/);
  });

  it("hold by the figures: accuracy at its borders", () => {
    const at = (accuracy: number) =>
      judged(
        withTest(whole, (record) => (isProposed(record) ? { accuracy } : undefined)),
        "accuracy",
      ).verdict;
    assert.deepEqual(
      [at(0.9287), at(0.92866), at(0.9286), at(0.925), at(0.9249)],
      ["holds", "holds", "holds in part", "holds in part", "doesn't hold"],
    );
  });

  it("hold by the figures: gains, loss, AUC", () => {
    const results = (proposed: object, others: object) =>
      withTest(whole, (record) => (isProposed(record) ? proposed : others));
    const gains = (gain: number) =>
      judged(results({ accuracy: 0.9 + gain }, { accuracy: 0.9 }), "gains-conclusion").verdict;
    assert.deepEqual([gains(0.07), gains(0.06), gains(-0.01)], ["holds", "holds in part", "doesn't hold"]);
    const loss = (value: number, others: number) =>
      judged(results({ loss: value }, { loss: others }), "loss").verdict;
    assert.deepEqual(
      [loss(0.204, 0.3), loss(0.206, 0.3), loss(0.204, 0.19), loss(0.3, 0.2)],
      ["holds", "holds in part", "holds in part", "doesn't hold"],
    );
    const auc = (macroAuc: number, microAuc: number) =>
      judged(results({ macroAuc, microAuc }, {}), "auc").verdict;
    assert.deepEqual(
      [auc(0.9975, 0.9), auc(0.9974, 0.998), auc(0.9974, 0.9974)],
      ["holds", "holds in part", "doesn't hold"],
    );
  });

  it("hold by the figures: what Shirts are taken for", () => {
    const shirts = (pullover: number, coat: number) =>
      judged(
        withTest(whole, (record) => {
          const confusion = record.test!.confusion.map((row) => [...row]);
          confusion[6] = [0, 0, pullover, 0, coat, 0, 800, 0, 0, 0];
          return isProposed(record) ? { confusion } : undefined;
        }),
        "shirt-pullover",
      );
    assert.equal(shirts(120, 80).verdict, "holds");
    assert.equal(shirts(80, 120).verdict, "holds in part");
    assert.match(shirts(80, 120).finding, /^Shirts are taken 12\.0 % for Coat, 8\.0 % for Pullover/);
  });

  it("can't be tested on data without these classes", () => {
    const named = withTest(whole, ({ test }) => ({
      classes: test!.classes.map((each, index) => ({ ...each, name: `class ${index}` })),
    }));
    assert.equal(judged(named, "shirt-worst").verdict, "can't be tested here");
    assert.match(judged(named, "shirt-worst").finding, /the data has no Shirt/);
  });

  it("hold by the figures: what deeper networks cost, in time and in overfitting", () => {
    const models: readonly TrainedModel[] = ["proposed", "resNet20", "vggSmall"];
    const verdictOf = (seconds: readonly number[], accuracies: readonly number[]) => {
      const time = { batchSize: 128, threads: 2, steps: 375, stepMilliseconds: 20, ofCeiling: 1 };
      const times = seconds.map((each, index) => ({ ...time, model: models[index], seconds: each }));
      const found = withTest(whole, ({ factors }) => {
        const index = models.indexOf(factors.model);
        return factors.experiment === "model" && index >= 0 ? { accuracy: accuracies[index] } : undefined;
      });
      const records = found.records.map((record) => ({
        ...record,
        train: { ...record.train!, accuracy: 0.99 },
      }));
      const epochTimes = { processor: "Some Processor", node: "24.0.0", times };
      const { verdict, finding } = judged({ ...found, records, epochTimes }, "deep-networks");
      return [verdict, finding.split("; ")[0]];
    };
    const wide = [0.93, 0.9, 0.91];
    assert.deepEqual(verdictOf([6, 42, 94], wide), [
      "holds",
      "seconds an epoch, the Proposed CNN 6.0: 42.0 of ResNet-20 and 94.0 of Small VGG",
    ]);
    const first = (of: readonly string[]) => of[0];
    assert.equal(first(verdictOf([6, 5, 94], wide)), "holds in part");
    assert.equal(first(verdictOf([6, 5, 4], [0.93, 0.94, 0.94])), "doesn't hold");
    assert.equal(first(verdictOf([6, 42, 94], [0.93, 0.94, 0.94])), "holds in part");
    assert.deepEqual(verdictOf([6, 42], wide), [
      "holds in part",
      "the time of an epoch is not measured of every network",
    ]);
  });
});
