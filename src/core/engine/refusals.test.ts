import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { chainOf } from "../graph/index.js";
import { averagePool2d, conv2d, dense, dropout, flatten } from "../layers/index.js";
import type { NamedTensor } from "../named-tensor.js";
import { adam } from "../optimizers/index.js";
import type { Platform } from "../platform.js";
import { createNetwork } from "./create.js";
import type { NetworkOptions } from "./network.js";
import { createTrial, type Trial, upTo } from "./testing/trial.js";

const layers = [flatten(), dense({ name: "output", units: 3 })];
const inputShape = [2, 2, 1];

const options: NetworkOptions = {
  graph: chainOf(layers, inputShape),
  trainBatchSize: 4,
  inferenceBatchSize: 4,
  optimizer: adam(),
  threads: 1,
  platform: nodePlatform,
};

describe("a network refuses", () => {
  let trial: Trial;
  before(async () => {
    trial = await createTrial({ layers, inputShape, batch: 4, images: 6, platform: nodePlatform });
  });
  after(() => trial.network.close());

  const step = (indices: Uint32Array) =>
    trial.network.trainStep({ indices, step: 0, optimizerStep: 0, seed: 0, learningRate: 0 });

  it("a step of no image or of too many", async () => {
    await assert.rejects(step(upTo(5)), { name: "UsageError", message: /takes 1 to 4 images, received 5/ });
    await assert.rejects(step(upTo(0)), { name: "UsageError", message: /takes 1 to 4 images, received 0/ });
  });

  it("half an image", () =>
    assert.rejects(trial.network.predictImages(new Uint8Array(6)), {
      name: "UsageError",
      message: /An image of this network has 4 bytes; received 6/,
    }));

  it("images that are taken away while they are predicted, and goes on", async () => {
    let taken = false;
    const images = new Uint8Array(4000);
    const platform: Platform = {
      ...nodePlatform,
      // A turn is over at once.
      now: (() => {
        let time = 0;
        return () => (time += 100);
      })(),
      yield: async () => {
        if (!taken) structuredClone(images.buffer, { transfer: [images.buffer] });
        taken = true;
      },
    };
    const network = await createNetwork({ ...options, platform });
    await assert.rejects(network.predict(images), {
      name: "UsageError",
      message: /^The images were taken away before they were all predicted\. Keep their memory/,
    });
    assert.equal((await network.predict(new Uint8Array(8))).probabilities.length, 6);
    await network.close();
  });

  it("no step whose images and labels are taken away once it has begun", async () => {
    const network = await createNetwork(options);
    const give = () => ({
      images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      labels: Uint8Array.of(0, 0),
      step: 0,
      optimizerStep: 0,
      seed: 0,
      learningRate: 0,
    });
    const whole = await network.trainStep(give());
    const step = give();
    const going = network.trainStep(step);
    // Then the step has been computed, and nobody has looked at what came of it.
    await Promise.resolve();
    for (const { buffer } of [step.images, step.labels]) structuredClone(buffer, { transfer: [buffer] });
    assert.deepEqual(await going, whole);
    await network.close();
  });

  it("a normalization of other channels", () =>
    assert.rejects(trial.network.setNormalization({ mean: [0, 0], deviation: [1] }), {
      name: "UsageError",
      message: /images of 1 channel has a mean and a deviation for each; received 2 and 1/,
    }));

  const badSteps: [string, Uint8Array, Uint8Array, RegExp][] = [
    [
      "images of another size",
      new Uint8Array(9),
      new Uint8Array(2),
      /a label an image, and 4 bytes an image of this network's inputShape; received 2 labels and 9 bytes/,
    ],
    ["fewer labels than images", new Uint8Array(8), new Uint8Array(1), /received 1 label and 8 bytes/],
    [
      "a label that is no class",
      new Uint8Array(8),
      Uint8Array.of(2, 3),
      /Image 1 of a step has label 3, but the network has 3 classes: expected 0 to 2/,
    ],
  ];
  for (const [what, images, labels, message] of badSteps) {
    it(`${what}, and learns nothing`, async () => {
      const network = await createNetwork(options);
      const held = await network.readParameters();
      const step = { images, labels, step: 0, optimizerStep: 0, seed: 0, learningRate: 0.1 };
      await assert.rejects(network.trainStep(step), { name: "UsageError", message });
      assert.deepEqual(await network.readParameters(), held);
      await network.close();
    });
  }

  const kernel: NamedTensor = { name: "output.kernel", shape: [4, 3], data: new Float32Array(12) };
  const bias: NamedTensor = { name: "output.bias", shape: [3], data: new Float32Array(3) };
  const wrong: [string, NamedTensor[], RegExp][] = [
    [
      "missing weights",
      [kernel],
      /weights lack "output\.bias"; they hold output\.kernel\. They belong to another model/,
    ],
    ["no weights", [], /weights lack "output\.kernel"; they hold nothing/],
    [
      "unknown weights",
      [kernel, bias, { ...bias, name: "extra" }],
      /weights hold "extra", which this model does not have/,
    ],
    [
      "weights of another shape",
      [{ ...kernel, shape: [3, 4] }, bias],
      /"output\.kernel" as \[3, 4\].*wants \[4, 3\]/,
    ],
    [
      "weights of another length than their shape's",
      [{ ...kernel, data: new Float32Array(13) }, bias],
      /hold 13 values of "output\.kernel", whose shape \[4, 3\] has 12/,
    ],
  ];
  for (const [what, tensors, message] of wrong) {
    it(`${what}, and keeps its own`, async () => {
      const held = await trial.network.readParameters();
      await assert.rejects(trial.network.writeParameters(tensors), { name: "HeddleError", message });
      assert.deepEqual(await trial.network.readParameters(), held);
    });
  }

  it("nothing after all that", async () => {
    assert.ok(Number.isFinite((await step(upTo(4))).lossSum));
  });
});

describe("a network can't be made", () => {
  const impossible: [string, Partial<NetworkOptions>, string, RegExp][] = [
    ["with no thread", { threads: 0 }, "UsageError", /threads must be a whole number from 1 on, received 0/],
    ["with half a thread", { threads: 1.5 }, "UsageError", /threads .* received 1\.5/],
    [
      "for a sequence",
      { graph: chainOf([flatten(), dense({ units: 3 })], [2, 2]) },
      "UsageError",
      /must be \[height, width, channels\], received \[2, 2\]/,
    ],
    ["for half an image", { trainBatchSize: 0.5 }, "UsageError", /trainBatchSize .* received 0\.5/],
    ["for −1 images", { inferenceBatchSize: -1 }, "UsageError", /inferenceBatchSize .* received -1/],
    [
      "without a classifier's end",
      { graph: chainOf([flatten({ name: "f" }), dense({ units: 1 })], inputShape) },
      "HeddleError",
      /End with flatten\(\) and dense\(/,
    ],
    [
      "that ends in an image",
      { graph: chainOf([dropout(0.5)], inputShape) },
      "HeddleError",
      /dropout "dropout_1", gives \[2, 2, 1\]; a classifier ends in one number/,
    ],
    [
      "for a model beyond the memory that is left",
      {
        graph: chainOf([flatten(), dense({ units: 400_000 }), dense({ units: 3 })], inputShape),
        platform: { ...nodePlatform, availableMemory: () => 3 * 1024 ** 2 },
      },
      "HeddleError",
      /^Not enough memory: the plan needs \d+ MiB at once, 3 MiB are free\. Of these, \d+ MiB are for weights, optimizer, tables and a step's images, \d+ MiB for training steps of 4\. Use smaller images, or a smaller model\.$/,
    ],
    [
      "with activations beyond 4 GiB",
      { trainBatchSize: 2 ** 26 },
      "HeddleError",
      /plan needs \d{4,} MiB, more than/,
    ],
  ];
  it("for a batch that there is no memory for, and says what there is memory for", async () => {
    const mebibytes = 24;
    const change = {
      graph: chainOf(
        [conv2d({ filters: 32, kernelSize: 5, padding: "same" }), flatten(), dense({ units: 3 })],
        [32, 32, 1],
      ),
      platform: { ...nodePlatform, availableMemory: () => mebibytes * 1024 ** 2 },
    };
    let advised = 0;
    await assert.rejects(createNetwork({ ...options, ...change, trainBatchSize: 512 }), ({ message }) => {
      advised = Number(/24 MiB are free.* Use a batch size of at most (\d+) \(now 512\)/.exec(message)?.[1]);
      return advised > 8;
    });
    await (await createNetwork({ ...options, ...change, trainBatchSize: advised })).close();
    await assert.rejects(
      createNetwork({ ...options, ...change, trainBatchSize: advised * 2 }),
      /Use a batch size of at most/,
    );
  });

  it("at all where a single image is too large", () =>
    assert.rejects(
      createNetwork({
        ...options,
        graph: chainOf(
          [
            conv2d({ filters: 64, kernelSize: 1 }),
            averagePool2d({ poolSize: 64 }),
            flatten(),
            dense({ units: 3 }),
          ],
          [512, 512, 1],
        ),
        platform: { ...nodePlatform, availableMemory: () => 8 * 1024 ** 2 },
      }),
      { name: "HeddleError", message: /8 MiB are free\. .* Use smaller images, or a smaller model\.$/ },
    ));

  for (const [what, change, name, message] of impossible) {
    it(what, () => assert.rejects(createNetwork({ ...options, ...change }), { name, message }));
  }

  it("to train without an optimizer, nor to predict without room for it", async () => {
    const still = await createNetwork({ ...options, optimizer: undefined });
    const images = new Uint8Array(4);
    const step = { images, labels: Uint8Array.of(0), step: 0, optimizerStep: 0, seed: 0, learningRate: 0 };
    await assert.rejects(still.trainStep(step), {
      name: "UsageError",
      message: /made for inference: it has no optimizer/,
    });
    await still.close();
    const training = await createNetwork({ ...options, inferenceBatchSize: 0 });
    await assert.rejects(training.predict(images), {
      name: "UsageError",
      message: /give it an inferenceBatchSize/,
    });
    await training.close();
  });
});
