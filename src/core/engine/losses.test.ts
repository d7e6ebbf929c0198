import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { BatchMixing } from "../data/mix-batch.js";
import { narrowTiling, wideTilings } from "../kernels/tiling.js";
import { conv2d, dense, dropout, flatten, type Layer } from "../layers/index.js";
import { createRandom } from "../random.js";
import { createTrial, gradientFaults, predictionFaults, type TrialOptions, upTo } from "./testing/trial.js";

const layers: readonly Layer[] = [
  conv2d({ filters: 6, kernelSize: 3, activation: "relu" }),
  dropout(0.25),
  flatten(),
  dense({ units: 10 }),
];
const count = 7;
const classes = 10;

const random = createRandom(4);
/** Of each image some labels, and between yes and no of others. */
const several = Float32Array.from({ length: count * classes }, (_, at) => [0, 1, random.uniform()][at % 3]);
const soft = several.slice();
for (let first = 0; first < soft.length; first += classes) {
  const row = soft.subarray(first, first + classes);
  const sum = row.reduce((whole, share) => whole + share, 0);
  row.forEach((share, label) => {
    row[label] = share / sum;
  });
}
const imageWeights = Float32Array.of(1, 0, 2.5, 0.1, 7, 3, 1);
const partners = Uint32Array.of(3, 1, 0, 4, 2, 6, 5);
const blended: BatchMixing = { partners, share: Math.fround(0.3) };
const pasted: BatchMixing = { partners, share: Math.fround(1 - 12 / 72), box: [2, 1, 4, 3] };

async function withTrial(
  change: Partial<TrialOptions>,
  check: (trial: Awaited<ReturnType<typeof createTrial>>) => Promise<void>,
): Promise<void> {
  const options = { layers, inputShape: [9, 8, 2], batch: count, images: count, platform: nodePlatform };
  const trial = await createTrial({ ...options, ...change });
  try {
    await check(trial);
  } finally {
    await trial.network.close();
  }
}

describe("training steps towards targets", () => {
  const cases: Readonly<Record<string, Partial<TrialOptions>>> = {
    "probabilities of classes": { targets: soft },
    "those smoothed, of weighted images": { targets: soft, labelSmoothing: 0.1, imageWeights },
    "several labels": { targets: several, loss: "binaryCrossEntropy" },
    "those smoothed and weighted": {
      targets: several,
      loss: "binaryCrossEntropy",
      labelSmoothing: 0.2,
      imageWeights,
    },
    "labels of blended images": { mixing: blended },
    "those of weighted ones, blended": { mixing: blended, imageWeights, labelSmoothing: 0.1 },
    "labels of images pasted into each other": { mixing: pasted },
    "several labels of images pasted into each other": {
      mixing: pasted,
      targets: several,
      loss: "binaryCrossEntropy",
    },
    "labels of blended images of three channels": { mixing: blended, inputShape: [6, 5, 3], portable: true },
    "labels of blended images that are read number by number": {
      mixing: blended,
      inputShape: [3, 3, 1],
      layers: [flatten(), dense({ units: 10 })],
    },
  };
  for (const [name, change] of Object.entries(cases)) {
    it(`have the twin's loss and gradient on any number of threads, in any tiles: ${name}`, async () => {
      const results: unknown[] = [];
      for (const threads of [1, 3]) {
        await withTrial(
          { ...change, threads, tiling: threads === 1 ? narrowTiling : wideTilings[0] },
          async (trial) => {
            assert.deepEqual(await gradientFaults(trial, upTo(count), 2), []);
            assert.deepEqual(await predictionFaults(trial, upTo(count)), []);
            const step = { indices: upTo(count), step: 1, optimizerStep: 0, seed: 1, learningRate: 0.01 };
            results.push([await trial.network.trainStep(step), await trial.network.readParameters()]);
          },
        );
      }
      assert.deepEqual(results[0], results[1]);
    });
  }

  it("are the same bytes of one-hot targets as of labels", async () => {
    const labels = Uint8Array.from({ length: count }, (_, image) => (image * 3) % classes);
    const targets = new Float32Array(count * classes);
    labels.forEach((label, image) => {
      targets[image * classes + label] = 1;
    });
    const results: unknown[] = [];
    for (const change of [{ labels }, { labels, targets }]) {
      await withTrial(change, async ({ network }) => {
        await network.trainStep({
          indices: upTo(count),
          step: 1,
          optimizerStep: 0,
          seed: 1,
          learningRate: 0.01,
        });
        results.push(await network.readParameters());
      });
    }
    assert.deepEqual(results[0], results[1]);
  });

  it("refuse targets that are too few, or that the network wasn't made for, and mixing likewise", async () => {
    const step = { indices: upTo(2), step: 0, optimizerStep: 0, seed: 1, learningRate: 0.01 };
    const pair: BatchMixing = { partners: Uint32Array.of(1, 0), share: 0.5 };
    await withTrial({}, async ({ network }) => {
      await assert.rejects(
        network.trainStep({ ...step, targets: soft }),
        /has 0 targets in a network that takes labels alone; received 70/,
      );
      await assert.rejects(network.trainStep({ ...step, mixing: pair }), /made without: give it mixes: true/);
    });
    await withTrial({ targets: soft }, async ({ network }) => {
      await assert.rejects(
        network.trainStep({ ...step, targets: soft.subarray(1) }),
        /of 2 images has 20 targets in a network of 10 classes that takes them; received 69/,
      );
    });
    await withTrial({ mixing: pair }, async ({ network }) => {
      const far = { partners: Uint32Array.of(1, 2), share: 0.5 };
      await assert.rejects(
        network.trainStep({ ...step, mixing: far }),
        /2 partners, each below 2; received 1, 2/,
      );
    });
    await withTrial({ loss: "binaryCrossEntropy" }, async ({ network }) => {
      await assert.rejects(network.trainStep(step), /is trained with targets: make it with targets: true/);
    });
  });
});
