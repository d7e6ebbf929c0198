import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import { syntheticResults } from "../testing/synthetic.js";
import { judgeClaims } from "./index.js";

const whole = syntheticResults({ epochs: 20, images: 50 });

type Side = { readonly epochsTo90: number | null; readonly gap: number };

/** The dropout claim where each side gets to 90 % of the validation images so soon, seeds a tenth of a point apart. */
function judged(withDropout: Side, without: Side) {
  const records = whole.records.map((record): TrialRecord => {
    const { epochsTo90, gap } = record.config.dropout ? withDropout : without;
    const accuracy = 0.9 + record.config.seed / 1000;
    return {
      ...record,
      test: { ...record.test!, accuracy: accuracy - gap * (1 + record.config.seed / 100) },
      train: { accuracy, loss: 0.1 },
      history: record.history.map((each) => ({
        ...each,
        validationAccuracy: epochsTo90 !== null && each.epoch >= epochsTo90 ? 0.95 : 0.5,
      })),
    };
  });
  return judgeClaims({ ...whole, records }).find(({ id }) => id === "dropout")!;
}

describe("the claim of dropout", () => {
  it("holds where the network with dropout is sooner at 90 % and has less of a gap", () => {
    const { verdict, finding, sources } = judged({ epochsTo90: 2, gap: 0.01 }, { epochsTo90: 4, gap: 0.05 });
    assert.equal(verdict, "holds");
    assert.equal(sources.length, 6);
    assert.match(
      finding,
      /^2\.0 ± 0\.0 epochs to 90 %, without dropout 4\.0 ± 0\.0: clearly sooner than that/,
    );
    assert.match(
      finding,
      /; training less test 1\.02 ± 0\.01 points, without dropout 5\.10 ± 0\.05: clearly narrower/,
    );
  });

  it("holds in part where one of both is so, and not where neither is", () => {
    const side = (epochsTo90: number, gap: number) => ({ epochsTo90, gap });
    assert.equal(judged(side(4, 0.01), side(2, 0.05)).verdict, "holds in part");
    assert.equal(judged(side(2, 0.05), side(4, 0.01)).verdict, "holds in part");
    assert.equal(judged(side(4, 0.05), side(2, 0.01)).verdict, "doesn't hold");
  });

  it("is judged by the gap alone, in part, where a side never gets to 90 %", () => {
    const { verdict, finding } = judged({ epochsTo90: null, gap: 0.01 }, { epochsTo90: 2, gap: 0.05 });
    assert.equal(verdict, "holds in part");
    assert.match(
      finding,
      /^0 of 3 seeds get to 90 % with dropout, 3 of 3 without dropout; training less test/,
    );
  });

  it("counts the seeds that get to 90 % before it compares the epochs of those that do", () => {
    const records = whole.records.map((record): TrialRecord => {
      const { dropout, seed } = record.config;
      const reaches = dropout ? seed === 1 : true;
      const history = record.history.map((each) => ({
        ...each,
        validationAccuracy: reaches && each.epoch >= (dropout ? 4 : 7) ? 0.95 : 0.5,
      }));
      return { ...record, history, train: { accuracy: 0.99, loss: 0.1 } };
    });
    const { finding } = judgeClaims({ ...whole, records }).find(({ id }) => id === "dropout")!;
    assert.match(finding, /^1 of 3 seeds get to 90 % with dropout, 3 of 3 without dropout;/);
  });

  it("waits for the trials without dropout", () => {
    const records = whole.records.filter(({ config }) => config.dropout);
    const { verdict, finding } = judgeClaims({ ...whole, records }).find(({ id }) => id === "dropout")!;
    assert.deepEqual([verdict, finding], ["not run yet", "needs the Proposed CNN without dropout"]);
  });
});

describe("the claim of more convolutions", () => {
  it("is the Proposed CNN against the CNN", () => {
    const at = (proposed: number, cnn: number) => {
      const records = whole.records.map((record): TrialRecord => {
        const accuracy = (record.config.model === "cnn" ? cnn : proposed) + record.config.seed / 1000;
        return { ...record, test: { ...record.test!, accuracy } };
      });
      return judgeClaims({ ...whole, records }).find(({ id }) => id === "depth")!.verdict;
    };
    assert.deepEqual(
      [at(0.92, 0.9), at(0.9015, 0.9), at(0.9005, 0.9)],
      ["holds", "holds in part", "doesn't hold"],
    );
  });
});
