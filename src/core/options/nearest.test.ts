import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { editDistance, nearestName } from "./nearest.js";

const fit = ["epochs", "batchSize", "validationShare", "splitSeed", "restoreBestWeights"];

describe("the nearest name", () => {
  const meant: readonly [name: string, known: readonly string[], nearest: string | undefined][] = [
    ["batch_size", fit, "batchSize"],
    ["BATCH-SIZE", fit, "batchSize"],
    ["batchsize", fit, "batchSize"],
    ["batchSzie", fit, "batchSize"],
    ["batch", fit, "batchSize"],
    ["epoch", fit, "epochs"],
    ["eposch", fit, "epochs"],
    ["validation_split", fit, "validationShare"],
    ["restoreBestWeight", fit, "restoreBestWeights"],
    ["lr", ["learningRate", "schedule"], "learningRate"],
    ["lr", fit, undefined],
    ["p", ["rate"], "rate"],
    ["eps", ["epsilon", "beta1"], "epsilon"],
    ["weight_decay", ["weightDecay"], "weightDecay"],
    ["wd", ["weightDecay"], "weightDecay"],
    ["beta_2", ["beta1", "beta2"], "beta2"],
    ["beta", ["beta1", "beta2"], "beta1"],
    ["earlyStopping", fit, undefined],
    ["constructor", fit, undefined],
    ["toString", ["rate"], undefined],
    ["", fit, undefined],
    ["__", fit, undefined],
    ["batchSize".repeat(1000), fit, undefined],
  ];
  for (const [name, known, nearest] of meant) {
    it(`to ${JSON.stringify(name.slice(0, 20))} among ${known[0]}, … is ${nearest}`, () => {
      assert.equal(nearestName(name, known), nearest);
    });
  }

  it("is itself where it is known", () => {
    fc.assert(fc.property(fc.constantFrom(...fit), (name) => assert.equal(nearestName(name, fit), name)));
  });
});

describe("the edit distance", () => {
  it("counts letters put in, left out, changed and swapped", () => {
    assert.equal(editDistance("strides", "stride"), 1);
    assert.equal(editDistance("stride", "strides"), 1);
    assert.equal(editDistance("units", "unite"), 1);
    assert.equal(editDistance("untis", "units"), 1);
    assert.equal(editDistance("", "abc"), 3);
    assert.equal(editDistance("kitten", "sitting"), 3);
  });

  it("is the same both ways, 0 for the same text alone, and never more than the longer text", () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        assert.equal(distance, editDistance(b, a));
        assert.equal(distance === 0, a === b);
        assert.ok(distance <= Math.max(a.length, b.length));
      }),
    );
  });
});
