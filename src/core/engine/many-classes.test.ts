import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { dense, flatten } from "../layers/index.js";
import { sgd } from "../optimizers/index.js";
import { createTrial, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

describe("a network of a great many classes", () => {
  for (const classes of [255, 300, 65_536])
    it(`agrees with its twin: ${classes}`, async () => {
      const trial = await createTrial({
        layers: [flatten(), dense({ units: classes })],
        inputShape: [2, 2, 1],
        batch: 4,
        labels: Uint32Array.of(classes - 1, 0, 256 % classes, classes - 2, 7, 1),
        optimizer: sgd(),
        threads: 2,
        platform: nodePlatform,
      });
      try {
        // As a share of what a class has: an even chance of 65,536 is little more than the usual tolerance.
        assert.deepEqual(await predictionFaults(trial, upTo(3), 1e-5 / classes), []);
        assert.deepEqual(await gradientFaults(trial, upTo(4), 0), []);
      } finally {
        await trial.network.close();
      }
    });
});
