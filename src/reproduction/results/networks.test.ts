import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { syntheticResults } from "../testing/synthetic.js";
import { predictedNetworks, together } from "./networks.js";

describe("networks together", () => {
  it("answer with the mean of their probabilities, and are judged by it", () => {
    const [network] = predictedNetworks(syntheticResults({ part: "table2", epochs: 2, images: 50 }));
    const { classes } = network.evaluation;
    const evaluation = { ...network.evaluation, classes: classes.slice(0, 3) };
    const of = (...rows: readonly (readonly number[])[]) => ({
      ...network,
      evaluation,
      predictions: { probabilities: Float32Array.from(rows.flat()), labels: Uint8Array.of(2, 2) },
    });
    const { predictions, evaluation: judged } = together([
      of([0.75, 0, 0.25], [0, 0.25, 0.75]),
      of([0.5, 0, 0.5], [0, 0.5, 0.5]),
    ]);
    assert.deepEqual([...predictions.probabilities], [0.625, 0, 0.375, 0, 0.375, 0.625]);
    assert.equal(judged.accuracy, 0.5);
  });
});
