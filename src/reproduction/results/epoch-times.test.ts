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
      bench(
        "train/proposed/128",
        "train/resNet20/128/28x28x1",
        "train/vggSmall/128",
        "train/mobile/128",
        "train/proposed/512",
      ),
      "x.json",
    );
    assert.equal(processor, "Some Processor");
    assert.deepEqual(
      times.map(({ model, batchSize, steps, seconds }) => [model, batchSize, steps, seconds]),
      [
        ["proposed", 128, 375, 7.5],
        ["resNet20", 128, 375, 7.5],
        ["proposed", 512, 94, 1.88],
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
    assert.throws(() => parseEpochTimes(bench("infer/cnn/128"), "x.json"), /no row train\/<model>\/<batch>/);
  });
});
