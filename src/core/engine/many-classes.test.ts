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
        assert.deepEqual(await predictionFaults(trial, upTo(3)), []);
        assert.deepEqual(await gradientFaults(trial, upTo(4), 0), []);
      } finally {
        await trial.network.close();
      }
    });
});
