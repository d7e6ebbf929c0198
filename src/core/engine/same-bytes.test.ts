import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { augmentBatch, createBatchAugmentation } from "../data/augment-batch.js";
import { parseAugmentation } from "../data/augmentation.js";
import { conv2d, dense, flatten } from "../layers/index.js";
import { modelDefinitions } from "../models/index.js";
import { adam } from "../optimizers/index.js";
import type { Platform } from "../platform.js";
import { createTrial, upTo } from "./testing/trial.js";

const batch = 12;
const everything = { flip: true, shift: 2, rotate: 10, zoom: 0.1, erase: 0.25 };
const inColour = parseAugmentation(
  "flip=alternate,shift=1,rotate,erase,reflect,crop=0.3-0.9,brightness,contrast,saturation,hue,grey",
);
const small = [6, 7, 3];

interface Run {
  readonly model: "proposed" | "bilstm" | "small";
  readonly threads: number;
  readonly portable?: boolean;
  readonly platform?: Platform;
}

/** Every byte of the weights and of Adam's moments after five steps, the third of them smaller. */
async function trainedBytes({ model, threads, portable, platform = nodePlatform }: Run): Promise<Buffer> {
  const inputShape = model === "small" ? small : [28, 28, 1];
  const layers =
    model === "small"
      ? [conv2d({ filters: 4, kernelSize: 3 }), flatten(), dense({ units: 10 })]
      : modelDefinitions[model].layers(inputShape, 10);
  const config = model === "small" ? inColour : everything;
  const { network } = await createTrial({
    layers,
    inputShape,
    batch,
    threads,
    portable,
    optimizer: adam(),
    platform,
  });
  try {
    const augmentation = createBatchAugmentation(batch, config);
    for (let step = 0; step < 5; step++) {
      const indices = upTo(step === 2 ? 5 : batch).map((index) => (index + step) % (batch + 2));
      augmentBatch(config, inputShape, indices, { seed: 4, epoch: step }, augmentation);
      await network.trainStep({
        indices,
        step,
        optimizerStep: step,
        seed: 4,
        learningRate: 0.003,
        augmentation,
      });
    }
    const tensors = [...(await network.readParameters()), ...(await network.readOptimizerState())];
    return Buffer.concat(tensors.map(({ data }) => new Uint8Array(data.buffer)));
  } finally {
    await network.close();
  }
}

for (const model of ["proposed", "bilstm", "small"] as const) {
  describe(`training ${model}, dropout and augmentation on`, () => {
    for (const portable of [false, true]) {
      it(`gives the same bytes with 1, 2, 3 and 7 threads, and again${portable ? " (portable)" : ""}`, async () => {
        const alone = await trainedBytes({ model, threads: 1, portable });
        for (const threads of portable ? [3] : [2, 3, 7, 2]) {
          const bytes = await trainedBytes({ model, threads, portable });
          assert.ok(bytes.equals(alone), `other bytes with ${threads} threads`);
        }
      });
    }

    it("gives the same bytes where memory can't be shared, on one thread", async () => {
      const platform: Platform = {
        ...nodePlatform,
        sharedMemory: false,
        startWorker: () => assert.fail("no thread can help"),
      };
      const bytes = await trainedBytes({ model, threads: 3, platform });
      assert.ok(bytes.equals(await trainedBytes({ model, threads: 1 })));
    });
  });
}
