import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resultsOf } from "../results.js";
import { sweepSpec } from "../spec.js";
import { trialRecord } from "../testing/records.js";
import { accuracyAgainstTime, bestSoFar } from "./charts.js";

interface Drawn {
  readonly series: readonly { readonly name: string; readonly data: readonly unknown[] }[];
}

describe("the charts of a sweep", async () => {
  const spec = await sweepSpec({
    kind: "grid",
    base: { model: "lenet" },
    vary: { epochs: [3, 1, 2, 4] },
    optimize: "validationLoss",
  });
  // A second an epoch: losses of 0.4, 0.5, 0.3 after 3, 1 and 2 seconds.
  const records = [
    trialRecord("001-seed1", [0.1, 0.2, 0.6], "finished"),
    trialRecord("002-seed1", [0.5], "finished"),
    trialRecord("003-seed1", [0.1, 0.7], "finished"),
  ];
  const results = resultsOf(spec, new Map(records.map((each) => [each.id, each])), new Map());
  const lineOf = ({ option }: { readonly option: object }): unknown[] =>
    (option as Drawn).series[0].data.map((point) =>
      (point as number[]).map((value) => Number(value.toFixed(6))),
    );

  it("draw the best that so much time brought, to the longest", () => {
    const chart = accuracyAgainstTime(spec, results);
    assert.deepEqual(lineOf(chart), [
      [1, 0.5],
      [2, 0.3],
      [3, 0.3],
    ]);
    assert.match(
      chart.description,
      /^Of 3 configurations the quickest on the line, 002, comes to 0\.5000 in 1\.0 s; the best, 003, to 0\.3000 in 2\.0 s\.$/,
    );
  });

  it("draw the best so far in the order of the plan, without what is still to come", () => {
    const chart = bestSoFar(spec, results);
    assert.deepEqual(lineOf(chart), [
      [1, 0.4],
      [2, 0.4],
      [3, 0.3],
    ]);
    assert.match(chart.description, /^After 3 configurations the best validation loss is 0\.3000\.$/);
  });
});
