import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { deterministicImages } from "../kernels/reference/testing/deterministic.js";
import { modelDefinitions, modelNames } from "../models/index.js";
import type { Platform } from "../platform.js";
import { createTrial, predictionFaults, type TrialOptions, upTo } from "./testing/trial.js";

const inputShape = [28, 28, 1];
const size = 28 * 28;

const trialOf = (model: (typeof modelNames)[number], options: Partial<TrialOptions> = {}) =>
  createTrial({
    graph: modelDefinitions[model].graph(inputShape, 10),
    batch: 4,
    images: 6,
    inferenceBatchSize: 32,
    threads: 2,
    platform: nodePlatform,
    ...options,
  });

describe("an image's probabilities", () => {
  for (const model of modelNames)
    it(`are the same bytes in any batch, beside any others, on any threads: ${model}`, async () => {
      const images = deterministicImages(40, size);
      const { network } = await trialOf(model, { batch: 0 });
      const alone = await trialOf(model, { batch: 0, threads: 1, inferenceBatchSize: 1 });
      try {
        const expected = (await alone.network.predictImages(images)).probabilities;
        for (const [first, count] of [
          [0, 40],
          [0, 1],
          [39, 1],
          [3, 2],
          [30, 5],
          [7, 8],
          [12, 21],
        ]) {
          const part = images.subarray(first * size, (first + count) * size);
          const { probabilities } = await network.predictImages(part);
          const own = expected.subarray(first * 10, (first + count) * 10);
          assert.ok(
            Buffer.from(probabilities.buffer).equals(Buffer.from(own.slice().buffer)),
            `${count} images`,
          );
        }
      } finally {
        await network.close();
        await alone.network.close();
      }
    });
});

describe("programs for other batch sizes", () => {
  it("are made as they are wanted, after steps too, and share the memory", async () => {
    const trial = await trialOf("lenet", { batch: 6 });
    const { network } = trial;
    try {
      for (const count of [6, 1, 5, 2, 6, 4])
        assert.deepEqual(await predictionFaults(trial, upTo(count)), [], `${count} images`);
      for (const batch of [6, 5, 3]) {
        const step = { step: 0, optimizerStep: 0, seed: 0, learningRate: 0 };
        await network.trainStep({ ...step, indices: upTo(batch) });
        assert.deepEqual(await predictionFaults(trial, upTo(1)), [], `one image after a step of ${batch}`);
      }
    } finally {
      await network.close();
    }
  });

  const platforms: Record<string, Platform> = {
    "shared memory": nodePlatform,
    "memory that isn't shared": { ...nodePlatform, sharedMemory: false },
  };
  for (const [what, platform] of Object.entries(platforms))
    it(`let the memory grow where their tables have no room: ${what}`, async () => {
      const trial = await trialOf("lenet", { batch: 70, platform });
      const { network } = trial;
      try {
        const planned = network.arenaBytes;
        const step = { step: 0, optimizerStep: 0, seed: 0, learningRate: 0 };
        for (let batch = 1; batch < 70; batch++)
          await network.trainStep({ ...step, indices: upTo(batch).map((index) => index % 6) });
        assert.ok(network.arenaBytes > planned, "it has grown");
        assert.deepEqual(await predictionFaults(trial, upTo(6)), []);
        await network.predictImages(deterministicImages(37, size));
        assert.deepEqual(await predictionFaults(trial, upTo(6)), []);
      } finally {
        await network.close();
      }
    });
});
