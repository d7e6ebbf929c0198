import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { syntheticResults } from "../testing/synthetic.js";
import { leastSmoothedLoss, overconfidenceOf } from "./confidence.js";
import { currentGroup } from "./results.js";

const made = syntheticResults({ part: "table2", epochs: 2, images: 50, seeds: [1] });
const group = currentGroup(made, "cnn");
const [{ id }] = group.kept;

/** Of two classes, each image with this probability of the first. */
const withPredictions = (labels: readonly number[], ...first: readonly number[]) => ({
  ...made,
  predictions: new Map([
    [
      id,
      {
        labels: Uint8Array.from(labels),
        probabilities: Float32Array.from(first.flatMap((value) => [value, 1 - value])),
      },
    ],
  ]),
});

describe("how much surer a network is than right", () => {
  it("is the mean greatest probability less the accuracy", () => {
    const sure = overconfidenceOf(withPredictions([1, 0], 0.75, 0.75), group);
    assert.ok(Math.abs(sure!.mean - 0.25) < 1e-6);
    const unsure = overconfidenceOf(withPredictions([0, 1], 0.75, 0.5 - 0.25), group);
    assert.ok(Math.abs(unsure!.mean + 0.25) < 1e-6);
    assert.equal(unsure!.observations[0].trial, id);
  });

  it("is not known without predictions", () => {
    assert.equal(overconfidenceOf({ ...made, predictions: new Map() }, group), null);
  });
});

describe("the least loss of smoothed labels", () => {
  it("is their entropy: none of plain ones, ln K of even ones", () => {
    assert.equal(leastSmoothedLoss(0, 10), 0);
    assert.ok(Math.abs(leastSmoothedLoss(1, 10) - Math.log(10)) < 1e-12);
    const wanted = -(0.955 * Math.log(0.955) + 9 * 0.005 * Math.log(0.005));
    assert.ok(Math.abs(leastSmoothedLoss(0.05, 10) - wanted) < 1e-12);
  });
});
