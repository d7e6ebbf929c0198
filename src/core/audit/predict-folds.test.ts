import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { networkFolds, quickEpochs, quickModel } from "./predict-folds.js";

describe("what learns in a fold", () => {
  it("is quick for the images' size, for as many epochs as they are few", () => {
    assert.deepEqual(
      [
        [28, 28, 1],
        [6, 28, 1],
        [96, 96, 3],
      ].map(quickModel),
      ["cnn", "mobileNetSmall", "cnn"],
    );
    assert.deepEqual([100, 10_000, 56_000, 1_000_000].map(quickEpochs), [30, 20, 4, 4]);
  });

  it("looks at large images made small, and gives probabilities of those held out", async () => {
    const [count, height, width] = [12, 90, 60];
    const images = Uint8Array.from({ length: count * height * width }, (_, at) =>
      Math.floor(at / (height * width)) % 2 === 0 ? 200 : at % 256,
    );
    const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
    const shape = [height, width, 1];
    const pool = { count, images, shape, labels, classNames: ["a", "b"], parts: [] };
    const shapes: number[] = [];
    const predictFold = networkFolds(pool, {
      model: "cnn",
      epochs: 1,
      batchSize: 128,
      learningRate: 0.001,
      seed: 1,
      platform: nodePlatform,
      threads: 1,
      onEvent: ({ training }) =>
        training.event === "start" && shapes.push(training.parameters, training.batchSize),
    });
    const round = { fold: 0, folds: 2, train: Uint32Array.of(0, 1, 2, 3), held: Uint32Array.of(4, 5, 6) };
    const found = await predictFold(round);
    assert.equal(found.length, 6);
    // 3 × 3 windows of 32 filters over 40 × 40, pooled to 19 × 19, and two dense layers.
    assert.deepEqual(shapes, [9 * 32 + 32 + 19 * 19 * 32 * 128 + 128 + 128 * 2 + 2, 4]);
  });
});
