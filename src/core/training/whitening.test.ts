import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { splitDataset } from "../data/split.js";
import { PatchMoments, whiteningKernel } from "../data/whitening.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import { chainOf } from "../graph/index.js";
import { activation, conv2d, dense, flatten, type Layer, maxPool2d } from "../layers/index.js";
import type { FitEventsOptions } from "./fit.js";
import { Model } from "./model.js";
import { modelFromBytes } from "./model-from-bytes.js";
import { tinyData, tinyFit, tinyShape } from "./testing/tiny-model.js";
import { sourcesOf } from "./testing/tiny-sources.js";

const whitening = conv2d({ name: "first", filters: 16, kernelSize: 2, kernelInitializer: "whitening" });
const layers: readonly Layer[] = [whitening, activation("gelu"), maxPool2d(), flatten(), dense({ units: 3 })];

const made = (given = layers): Model =>
  new Model(chainOf(given, tinyShape), { platform: nodePlatform, seed: 1 }).compile({
    threads: 1,
    learningRate: 0.01,
  });

/** What is left when `work` has had its way with a model. */
async function after(work: (model: Model) => Promise<unknown>, model = made()): Promise<Model> {
  try {
    await work(model);
  } finally {
    await model.dispose();
  }
  return model;
}

const fit = (model: Model, options: FitEventsOptions = {}) => model.fit(tinyData, { ...tinyFit, ...options });

async function tensor(model: Model, name: string): Promise<Float32Array> {
  return (await model.getWeights()).find((each) => each.name === name)!.data;
}

describe("a first layer that whitens", () => {
  it("begins as zeros, and becomes what the images that train say", async () => {
    const model = made();
    assert.ok((await tensor(model, "first.kernel")).every((value) => value === 0));
    await after(fit, model);
    const moments = new PatchMoments(tinyShape, [2, 2]);
    const { train } = splitDataset(tinyData.train.labels, 3, { validationShare: 1 / 6, seed: 1 });
    for (const index of train) moments.add(tinyData.train.images.subarray(index * 72, (index + 1) * 72));
    const expected = whiteningKernel(moments.covariance(model.normalization), 8, 16);
    assert.deepEqual(await tensor(model, "first.kernel"), expected);
  });

  it("is zeros again where a fit ends before its first step, and predicts by what a file would have", async () => {
    const model = made();
    await after(async () => {
      for await (const _ of model.fitEvents(tinyData, tinyFit)) break;
      const probabilities = await model.predict(tinyData.test.images);
      const { graph, state } = modelFromBytes(await model.toBytes(), "model");
      const read = new Model(graph, { platform: nodePlatform, state });
      await after(
        async () => assert.deepEqual(await read.predict(tinyData.test.images), probabilities),
        read,
      );
    }, model);
  });

  it("is not trained, but its bias is", async () => {
    const model = await after(fit);
    const [kernel, bias] = [await tensor(model, "first.kernel"), await tensor(model, "first.bias")];
    await after((same) => fit(same, { epochs: 2 }), model);
    assert.deepEqual(await tensor(model, "first.kernel"), kernel);
    assert.notDeepEqual(await tensor(model, "first.bias"), bias);
  });

  it("stays where a model was given weights, also under another normalization", async () => {
    const weights = await (await after(fit)).getWeights();
    const model = await after(async (other) => {
      await other.setWeights(weights);
      await fit(other, { normalization: { mean: [0.1, 0.1], deviation: [2, 2] } });
    });
    assert.deepEqual(
      await tensor(model, "first.kernel"),
      weights.find(({ name }) => name === "first.kernel")?.data,
    );
  });

  it("goes by the normalization that fit is given", async () => {
    const kernels = new Set<string>();
    for (const deviation of [1, 2]) {
      const normalization = { mean: [0, 0], deviation: [deviation, deviation] };
      kernels.add(
        String(await tensor(await after((model) => fit(model, { normalization })), "first.kernel")),
      );
    }
    kernels.add(
      String(await tensor(await after((model) => fit(model, { normalization: "keep" })), "first.kernel")),
    );
    assert.equal(kernels.size, 2, "plain pixels, kept or given, and others");
  });

  it("is worked out anew after reset", async () => {
    const model = await after(fit);
    const bytes = await model.toBytes();
    await model.reset();
    assert.ok((await tensor(model, "first.kernel")).every((value) => value === 0));
    assert.deepEqual(await (await after(fit, model)).toBytes(), bytes);
  });

  it("gives the same weights of a source", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const sources = sourcesOf(tinyData.train, turn);
    for (const normalization of [undefined, "keep"] as const) {
      const expected = await (await after((model) => fit(model, { normalization }))).getWeights();
      for (const train of [sources["several images a piece"], sources["images read by index, ahead"]]) {
        const model = await after((each) => each.fit({ train }, { ...tinyFit, normalization }));
        assert.deepEqual(await model.getWeights(), expected);
      }
    }
  });

  it("gives the same bytes where a training was stopped and gone on with", async () => {
    const options = { epochs: 3 };
    const whole = await after((model) => fit(model, options));
    let checkpoint: Uint8Array | undefined;
    await after(async (model) => {
      for await (const event of model.fitEvents(tinyData, { ...tinyFit, ...options })) {
        if (event.event !== "epoch" || event.epoch < 2) continue;
        checkpoint = encodeCheckpoint(await model.checkpoint());
        break;
      }
    });
    const resume = decodeCheckpoint(checkpoint!, "checkpoint");
    const resumed = await after((model) => fit(model, { ...options, resume }));
    assert.deepEqual(await resumed.toBytes(), await whole.toBytes());
  });
});

describe("whitening is refused", () => {
  const kernelInitializer = "whitening";
  const wrong: readonly [string, () => unknown, RegExp][] = [
    [
      "behind another layer",
      () => made([maxPool2d(), whitening, flatten(), dense({ units: 3 })]),
      /conv2d "first" has the kernelInitializer "whitening", .* but reads maxPool2d "maxPool2d_1".*Make it the first layer/,
    ],
    [
      "of groups",
      () => conv2d({ filters: 4, kernelSize: 2, groups: 2, kernelInitializer }),
      /leave dilation and groups out/,
    ],
    [
      "of windows with gaps",
      () => conv2d({ filters: 4, kernelSize: 2, dilation: 2, kernelInitializer }),
      /leave dilation and groups out/,
    ],
    [
      "of an odd number of filters",
      () => made([conv2d({ filters: 3, kernelSize: 2, kernelInitializer }), flatten(), dense({ units: 3 })]),
      /has 3 filters, but .* an even number .* 2×2 pixels of 2 channels: at most 16\./,
    ],
    [
      "of more filters than there are directions",
      () => made([conv2d({ filters: 18, kernelSize: 2, kernelInitializer }), flatten(), dense({ units: 3 })]),
      /has 18 filters, but .* at most 16\./,
    ],
    [
      "of windows larger than images",
      () =>
        made([
          conv2d({ filters: 4, kernelSize: 7, padding: "same", kernelInitializer }),
          flatten(),
          dense({ units: 3 }),
        ]),
      /7×7 pixels are more than \[6, 6, 2\] has/,
    ],
    [
      "of other layers",
      () => dense({ units: 3, kernelInitializer: kernelInitializer as never }),
      /kernelInitializer must be one of/,
    ],
  ];
  for (const [what, make, message] of wrong)
    it(what, () => {
      assert.throws(make, message);
    });
});
