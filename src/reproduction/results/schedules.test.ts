import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { syntheticResults } from "../testing/synthetic.js";
import { scheduleOutcomes } from "./schedules.js";

const made = syntheticResults({ part: "schedules", epochs: 20, images: 50 });

describe("the best start rate", () => {
  it("is that of the best validation accuracy by the seed that tried all", () => {
    for (const { tried, chosen, group } of scheduleOutcomes(made)) {
      const best = tried.reduce((a, b) => {
        const of = ({ record }: typeof a) => record!.history[record!.bestEpoch - 1].validationAccuracy;
        return of(b) > of(a) ? b : a;
      });
      assert.equal(chosen, best.learningRate);
      assert.equal(group.kept.length, 3, "it is the one that the plan went on with");
    }
  });

  it("is chosen by a seed that tried every rate where an earlier one, planned or begun, did not", () => {
    const tried = syntheticResults({ part: "schedules", epochs: 20, images: 50, seeds: [3, 1, 2] });
    const earlier = made.planned.filter(({ config }) => config.seed === 1);
    const results = { ...tried, planned: [...earlier, ...tried.planned] };
    for (const { tried: rates, chosen, group } of scheduleOutcomes(results)) {
      assert.ok(rates.every(({ record }) => record?.config.seed === 3));
      assert.ok(chosen !== null);
      assert.deepEqual(
        group.kept.map(({ config }) => config.seed),
        [1, 2, 3],
      );
    }
  });

  it("is not chosen until every rate is tried", () => {
    const missing = made.records.find(({ id }) => id.includes("-schedule-cosine-"))!;
    const records = made.records.filter(({ id }) => id !== missing.id);
    const cosine = scheduleOutcomes({ ...made, records }).find(({ schedule }) => schedule === "cosine")!;
    assert.equal(cosine.chosen, null);
    assert.deepEqual(cosine.group.kept, []);
    assert.equal(cosine.tried.filter(({ record }) => record).length, cosine.tried.length - 1);
  });

  it("passes over one that diverged at once", () => {
    const records = made.records.map((record) =>
      record.id.includes("-schedule-step-0.006-")
        ? { ...record, outcome: "diverged" as const, history: [], bestEpoch: 0, test: null, train: null }
        : record,
    );
    const step = scheduleOutcomes({ ...made, records }).find(({ schedule }) => schedule === "step")!;
    assert.notEqual(step.chosen, 0.006);
  });
});
