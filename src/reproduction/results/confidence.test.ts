import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { syntheticResults } from "../testing/synthetic.js";
import { overconfidenceOf } from "./confidence.js";
import { modelGroup } from "./groups.js";

const made = syntheticResults({ part: "table2", epochs: 2, images: 50, seeds: [1] });
const group = modelGroup(made, "cnn");
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
