import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { chainOf } from "../graph/index.js";
import {
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  type Layer,
  maxPool2d,
  reshape,
  type Shape,
} from "../layers/index.js";
import { adam } from "../optimizers/index.js";
import type { Platform, PlatformWorker } from "../platform.js";
import { createNetwork } from "./create.js";
import type { NetworkOptions } from "./network.js";
import { planNetwork } from "./program/plan.js";
import { createTrial, gradientFaults, predictionFaults, upTo } from "./testing/trial.js";

const head = [flatten(), dense({ units: 3 })];

const optionsFor = (layers: readonly Layer[], inputShape: Shape): NetworkOptions => ({
  graph: chainOf(layers, inputShape),
  trainBatchSize: 2,
  inferenceBatchSize: 2,
  optimizer: adam(),
  threads: 1,
  platform: nodePlatform,
});

async function assertAgrees(layers: readonly Layer[], inputShape: Shape): Promise<void> {
  const trial = await createTrial({ layers, inputShape, batch: 2, platform: nodePlatform });
  try {
    assert.deepEqual(await predictionFaults(trial, upTo(2)), []);
    // Sums of some ten thousand numbers in single precision.
    assert.deepEqual(await gradientFaults(trial, upTo(2), 0, 2e-4), []);
  } finally {
    await trial.network.close();
  }
}

describe("a program stays small, and right,", () => {
  const cases: [string, Layer[], Shape][] = [
    [
      "over maximum windows of 25,600 places",
      [conv2d({ filters: 4, kernelSize: 1 }), maxPool2d({ poolSize: 160 }), ...head],
      [160, 160, 1],
    ],
    [
      "over average windows of 25,600 places",
      [conv2d({ filters: 4, kernelSize: 1 }), averagePool2d({ poolSize: 160 }), ...head],
      [160, 160, 1],
    ],
    [
      "over large windows that overlap",
      [conv2d({ filters: 4, kernelSize: 1 }), maxPool2d({ poolSize: 70, strides: 13 }), ...head],
      [97, 90, 1],
    ],
    [
      "with a kernel as large as the images",
      [conv2d({ filters: 4, kernelSize: 1 }), conv2d({ filters: 5, kernelSize: 160 }), ...head],
      [160, 160, 1],
    ],
    [
      "over images of 40,001 channels",
      [conv2d({ filters: 4, kernelSize: 1, activation: "tanh" }), ...head],
      [2, 2, 40_001],
    ],
  ];
  for (const [what, layers, inputShape] of cases)
    it(what, async () => {
      const { trainer, predictor } = planNetwork(optionsFor(layers, inputShape), false);
      for (const { bytes } of [trainer!, predictor!]) assert.ok(bytes.length < 64_000, `${bytes.length}`);
      await assertAgrees(layers, inputShape);
    });

  it("behind 12,000 reshapes", async () => {
    const reshapes = Array.from({ length: 12_000 }, (_, index) =>
      reshape({ targetShape: index % 2 === 0 ? [2, 3] : [3, 2, 1] }),
    );
    await assertAgrees([...reshapes, flatten(), dense({ units: 3 })], [3, 2, 1]);
  });
});

describe("what is too large", () => {
  it("in a kernel is refused by its layer's name before it is planned", async () => {
    const name = "large";
    for (const large of [
      conv2d({ name, filters: 4, kernelSize: 160, padding: "same" }),
      conv2d({ name, filters: 4, kernelSize: 80 }),
      conv2d({ name, filters: 4, kernelSize: 41, padding: "same", dilation: 3 }),
      conv2d({ name, filters: 4, kernelSize: 41, padding: "same", dilation: 3, groups: 4 }),
      depthwiseConv2d({ name, kernelSize: 80, padding: "same" }),
      depthwiseConv2d({ name, kernelSize: 80 }),
    ]) {
      const options = optionsFor([conv2d({ filters: 4, kernelSize: 1 }), large, ...head], [160, 160, 1]);
      await assert.rejects(createNetwork(options), {
        name: "HeddleError",
        message: /^"large" has a kernel of \[\d+, \d+\] over \[160, 160\], which .* Use a smaller kernelSize/,
      });
    }
  });

  it("for the runtime is refused, and no thread stays behind", async () => {
    let started = 0;
    const gone = new Set<PlatformWorker>();
    const platform: Platform = {
      ...nodePlatform,
      startWorker: () => {
        const worker = nodePlatform.startWorker();
        started++;
        worker.onExit(() => gone.add(worker));
        const leave = async (): Promise<void> => {
          await worker.leave?.();
          gone.add(worker);
        };
        return { ...worker, leave };
      },
    };
    const layers = [flatten(), dense({ units: 150_000 }), batchNorm(), dense({ units: 3 })];
    const options = { ...optionsFor(layers, [1, 1, 1]), threads: 3, platform };
    await assert.rejects(createNetwork(options), {
      name: "HeddleError",
      message:
        /^This runtime can't compile the model's program of \d+ MiB: .* Use smaller kernels and windows/,
    });
    assert.deepEqual([started, gone.size], [2, 2]);
  });
});
