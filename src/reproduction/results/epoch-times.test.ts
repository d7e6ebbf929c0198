import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseEpochTimes } from "./epoch-times.js";

const bench = (...names: readonly string[]): string =>
  JSON.stringify({
    environment: { processor: "Some Processor", node: "20.1.0" },
    ceilings: {},
    results: names.map((name) => ({ name, threads: 2, medianMs: 20, ofCeiling: 1.5, rounds: [20] })),
  });

describe("the time of an epoch", () => {
  it("is the median step times the steps that 48,000 images take, the last one smaller", () => {
    const { processor, times } = parseEpochTimes(
      bench("train/proposed/128", "train/cnn/128", "train/proposed/512"),
      "x.json",
    );
    assert.equal(processor, "Some Processor");
    assert.deepEqual(
      times.map(({ batchSize, steps, seconds }) => [batchSize, steps, seconds]),
      [
        [128, 375, 7.5],
        [512, 94, 1.88],
      ],
    );
  });

  it("is refused where the file is something else, and says what makes it", () => {
    assert.throws(
      () => parseEpochTimes("{", "x.json"),
      /x\.json is no JSON.*heddle bench train\/proposed\/32/,
    );
    assert.throws(
      () => parseEpochTimes("{}", "x.json"),
      /x\.json is not what heddle writes there \(environment/,
    );
    assert.throws(() => parseEpochTimes(bench("train/cnn/128"), "x.json"), /no row train\/proposed/);
  });
});
