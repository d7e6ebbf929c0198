import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeModel } from "../core/formats/index.js";
import { batchNorm, dense, dropout, flatten } from "../core/layers/index.js";
import { tinyData } from "../core/training/testing/tiny-model.js";
import { hasCheckpoint } from "./checkpoints.js";
import { evaluateRun } from "./evaluate-run.js";
import { createRunModel } from "./follow-run.js";
import { listRuns } from "./list-runs.js";
import { memoryStore } from "./memory-store.js";
import { resumeRun } from "./resume-run.js";
import type { OnRunEvent } from "./run-options.js";
import { readRunRecord } from "./run-record.js";
import { type RunSettings, resolveRunSettings } from "./run-settings.js";
import type { Store } from "./store.js";
import { kept, readJson, tinyHost } from "./testing/runs.js";
import { trainRun } from "./train-run.js";

const settings: RunSettings = {
  model: {
    name: "own",
    layers: () => [flatten(), dense({ units: 8 }), batchNorm(), dropout(0.2), dense({ units: 3 })],
  },
  data: "tiny",
  epochs: 8,
  batchSize: 8,
  learningRate: 0.03,
  augmentation: "flip",
  seed: 4,
  portable: true,
};

/** Parts of a training that not every run has. */
const parts: Readonly<Record<string, Partial<RunSettings>>> = {
  earlyStopping: { epochs: 60, earlyStopping: { patience: 2, monitor: "validationAccuracy" } },
  classWeights: { epochs: 3, classWeights: [1, 2, 0.5] },
  clipNorm: { epochs: 3, clipNorm: 0.5 },
  parameterGroups: {
    epochs: 3,
    optimizer: { name: "sgd", momentum: 0.9 },
    parameterGroups: [
      { match: "*.kernel", learningRateFactor: 2, weightDecay: 0.01 },
      { match: "batchNorm_1.*", frozen: true },
    ],
  },
  // The best epoch is not always the last.
  weightAverage: { epochs: 5, learningRate: 0.2, weightAverage: { decay: 0.9 } },
  // Nothing is better by so much: a plateau every second epoch.
  schedule: {
    learningRate: undefined,
    schedule: { name: "reduce-on-plateau", learningRate: 0.03, factor: 0.5, patience: 2, minDelta: 9 },
  },
};

/** Trains until an epoch has ended. */
async function trainUntil(epoch: number, run: Store, given: RunSettings): Promise<void> {
  let epochs = 0;
  const controller = new AbortController();
  const onEvent: OnRunEvent = ({ event }) => {
    if (event === "epoch" && ++epochs === epoch) controller.abort();
  };
  await trainRun({ ...given, threads: 2, signal: controller.signal, onEvent }, { run }, tinyHost);
}

for (const [name, part] of Object.entries(parts)) {
  describe(`a run with ${name}`, () => {
    const given = { ...settings, ...part };

    it("has the same bytes on any number of threads, and after a stop at any epoch", async () => {
      const run = memoryStore();
      const { end, history } = await trainRun({ ...given, threads: 1 }, { run }, tinyHost);
      const whole = await kept(run);
      assert.ok(name in (await readJson(run, "config.json")));
      for (let epoch = 1; epoch <= history.length; epoch++) {
        const again = memoryStore();
        await trainUntil(epoch, again, given);
        if (await hasCheckpoint(again)) {
          const result = await resumeRun(again, { threads: 1 + (epoch % 3) }, tinyHost);
          assert.equal(result.end.reason, end.reason);
        }
        assert.deepEqual(await kept(again), whole, `stopped after epoch ${epoch}`);
      }
    });
  });
}

it("a run without any of them has no trace of them", async () => {
  const run = memoryStore();
  await trainRun({ ...settings, epochs: 1, threads: 1 }, { run }, tinyHost);
  const config = await readJson(run, "config.json");
  for (const name of Object.keys(parts)) assert.equal(name in config, name === "schedule", name);
});

describe("a run that keeps an average of its weights", () => {
  it("has it as its best weights, and judges it; the last ones are the trained ones", async () => {
    const run = memoryStore();
    const given = { ...settings, epochs: 2, weightAverage: { decay: 0.9 } };
    const events: string[] = [];
    const onEvent: OnRunEvent = (event) => {
      if (event.event === "start") events.push(`judged: ${event.judged}`);
    };
    const { end, evaluation } = await trainRun({ ...given, threads: 1, onEvent }, { run }, tinyHost);
    assert.deepEqual(events, ["judged: average"]);
    const model = createRunModel((await resolveRunSettings(given)).plan, tinyData, {
      threads: 1,
      host: tinyHost,
    });
    const contents = async (weights: "trained" | "average") =>
      decodeModel(await model.toBytes({ weights }), weights).tensors;
    const stored = async (file: string) => decodeModel((await run.read(file))!, file).tensors;
    await model.fit(tinyData, { epochs: end.bestEpoch, batchSize: 8, augmentation: "flip" });
    assert.deepEqual(await stored("best.safetensors"), await contents("average"));
    const { calibration, ...judgement } = evaluation!;
    assert.equal(calibration?.images, 6);
    assert.deepEqual(judgement, await model.evaluate(tinyData.test, { weights: "average" }));
    if (end.bestEpoch === 1) await model.fit(tinyData, { epochs: 1, batchSize: 8, augmentation: "flip" });
    assert.deepEqual(await stored("last.safetensors"), await contents("trained"));
    await model.dispose();
    const judged = await evaluateRun(run, { threads: 1 }, tinyHost);
    assert.deepEqual(judged.evaluation, evaluation);
  });

  it("is refused before anything is kept where its groups don't fit the model", async () => {
    const run = memoryStore();
    const given = { ...settings, parameterGroups: [{ match: "C1.*", frozen: true }] };
    await assert.rejects(trainRun(given, { run }, tinyHost), {
      name: "UsageError",
      message: /matches no trained tensor: "C1\.\*"\. There are dense_1\.kernel/,
    });
    assert.equal(await run.list(), undefined);
  });
});

describe("a run that stops early", () => {
  it("is finished: judged, listed and recorded, and not gone on with", async () => {
    const runs = memoryStore();
    const run = runs.within("early");
    const given = { ...settings, ...parts.earlyStopping };
    const { end, history, evaluation } = await trainRun({ ...given, threads: 1 }, { run }, tinyHost);
    assert.equal(end.reason, "stopped early");
    assert.ok(evaluation && history.length < 60);
    const [listed] = await listRuns(runs);
    assert.deepEqual([listed.epochsDone, listed.epochs, listed.stoppedEarly], [history.length, 60, true]);
    const record = await readRunRecord(run, { name: "early" }, tinyHost);
    assert.deepEqual(record.evaluation, evaluation);
    await assert.rejects(
      resumeRun(run, {}, tinyHost),
      /is finished: it stopped early, after epoch \d+ of 60, and its test accuracy is/,
    );
  });
});
