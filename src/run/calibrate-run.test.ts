import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { splitDataset } from "../core/data/split.js";
import { dense, flatten } from "../core/layers/index.js";
import { calibrate } from "../core/metrics/calibrate.js";
import { predictionsOf } from "../core/metrics/predictions.js";
import { Model } from "../core/training/model.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import { tinyData, tinyImages } from "../core/training/testing/tiny-model.js";
import { nodePlatform } from "../node/platform.js";
import { evaluateRun } from "./evaluate-run.js";
import { memoryStore } from "./memory-store.js";
import { readRunRecord } from "./run-record.js";
import type { Store } from "./store.js";
import { tinyHost } from "./testing/runs.js";
import { trainRun } from "./train-run.js";

const settings = {
  model: { name: "own", layers: () => [flatten(), dense({ units: 3 })] },
  data: "tiny",
  epochs: 1,
  batchSize: 8,
  learningRate: 0.01,
};

async function bestOf(run: Store): Promise<Model> {
  const { graph, state } = modelFromBytes((await run.read("best.safetensors"))!, "best");
  return new Model(graph, { platform: nodePlatform, state }).compile({ threads: 1 });
}

describe("a run's calibration", () => {
  it("is found on the images that validated it, and is kept with its best weights and their judgement", async () => {
    for (const validation of [undefined, tinyImages(24, 5)]) {
      const dataset = { ...tinyData, ...(validation && { validation }) };
      const host = { ...tinyHost, loadData: async () => dataset };
      const run = memoryStore();
      const { evaluation } = await trainRun({ ...settings, threads: 1 }, { run }, host);
      const best = await bestOf(run);
      const { train } = tinyData;
      const split = splitDataset(train.labels, 3, { seed: 1 }).validation;
      const images =
        validation?.images ??
        Buffer.concat([...split].map((at) => train.images.subarray(at * 72, (at + 1) * 72)));
      const labels = validation?.labels ?? [...split].map((at) => train.labels[at]);
      const probabilities = await best.predict(new Uint8Array(images));
      const expected = calibrate(predictionsOf(probabilities, labels, 3));
      assert.deepEqual(best.calibration, expected);
      const { loss, expectedCalibrationError: _, sure, sureAccuracy, ...found } = evaluation!.calibration!;
      assert.deepEqual(found, expected);
      assert.ok(Number.isFinite(loss) && sure >= 0 && (sureAccuracy === null || sureAccuracy <= 1));
      const again = await evaluateRun(run, { threads: 1 }, host);
      assert.deepEqual(again.evaluation, evaluation);
      const record = await readRunRecord(run, { name: "own" }, host);
      assert.deepEqual(record.evaluation?.calibration, evaluation!.calibration);
      const views = await evaluateRun(run, { threads: 1, views: { flip: true } }, host);
      assert.equal(views.evaluation.calibration, undefined);
      await best.dispose();
    }
  });

  it("is not there of weights that it wasn't found for", async () => {
    const run = memoryStore();
    await trainRun({ ...settings, epochs: 2, threads: 1 }, { run }, tinyHost);
    const { evaluation } = await evaluateRun(run, { threads: 1, weights: "last" }, tinyHost);
    assert.equal(evaluation.calibration, undefined);
  });
});
