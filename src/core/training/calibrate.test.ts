import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { splitDataset } from "../data/split.js";
import { subset } from "../data/subset.js";
import { Model } from "./model.js";
import { modelFromBytes } from "./model-from-bytes.js";
import { planFit } from "./plan-fit.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const create = tinyModels(nodePlatform);
const { validation, test } = { validation: tinyData.train, test: tinyData.test };

describe("a model's calibration", () => {
  it("goes with its weights into files and other models, and is gone where they change", async () => {
    const model = create();
    await model.fit(tinyData, { ...tinyFit, epochs: 1 });
    const before = await model.toBytes();
    const found = await model.calibrate(validation, { goal: 0.8 });
    assert.deepEqual([found.goal, found.images], [0.8, 36]);
    const bytes = await model.toBytes();
    const { graph, state } = modelFromBytes(bytes, "model");
    assert.deepEqual(state.calibration, found);
    const other = new Model(graph, { platform: nodePlatform, state }).compile({ threads: 1 });
    assert.deepEqual(other.calibration, found);
    const [one] = await model.classifyImages(test.images.subarray(0, 72), { topK: 1 });
    assert.deepEqual((await other.classifyImages(test.images.subarray(0, 72), { topK: 1 }))[0], one);
    await model.fit(tinyData, { ...tinyFit, epochs: 1 });
    assert.equal(model.calibration, undefined);
    const changes: readonly (() => unknown)[] = [
      async () => other.setWeights(await other.getWeights()),
      () => other.reset(),
      () => other.compile({ threads: 1, loss: "binaryCrossEntropy" }),
    ];
    for (const change of changes) {
      other.compile({ threads: 1, loss: "crossEntropy" });
      await other.calibrate(validation);
      await change();
      assert.equal(other.calibration, undefined);
    }
    await assert.rejects(other.calibrate(validation), /this model's loss is binaryCrossEntropy/);
    assert.notDeepEqual(before, bytes);
    await model.dispose();
    await other.dispose();
  });

  it("is kept whatever else is asked for at once, and not where the weights or the loss became others", async () => {
    const model = create();
    await model.fit(tinyData, { ...tinyFit, epochs: 1 });
    const weights = await model.getWeights();
    const first = model.setWeights(weights);
    const found = model.calibrate(validation, { goal: 0.5 });
    await first;
    const kept = await found;
    assert.deepEqual(model.calibration, kept);
    await Promise.all([
      model.calibrate(validation, { goal: 0.6 }),
      model.calibrate(validation, { goal: 0.9 }),
    ]);
    assert.equal(model.calibration?.goal, 0.9);
    const amid = model.calibrate(validation, { goal: 0.7 });
    model.compile({ threads: 1, optimizer: "sgd" });
    await amid;
    assert.equal(model.calibration?.goal, 0.7);
    const late = model.calibrate(validation);
    await Promise.all([late, model.setWeights(weights)]);
    assert.equal(model.calibration, undefined);
    const other = model.calibrate(validation);
    model.compile({ threads: 1, loss: "binaryCrossEntropy" });
    await other;
    assert.equal(model.calibration, undefined);
    await model.dispose();
  });

  it("isn't needed to say that weights which diverged name nothing", async () => {
    const { graph } = create();
    const weights = (await create().getWeights()).filter(({ name }) => !name.startsWith("normalization"));
    weights[0].data[0] = Number.POSITIVE_INFINITY;
    const model = new Model(graph, { platform: nodePlatform, state: { weights } }).compile({ threads: 1 });
    await assert.rejects(
      model.classifyImages(test.images.subarray(0, 72)),
      /Weights that have diverged give/,
    );
    await model.dispose();
  });

  it("is found on what a fit held back, and says how where a whole data set is given", async () => {
    const model = create();
    const { train } = tinyData;
    const split = { validationShare: tinyFit.validationShare };
    const seen: number[] = [];
    await model.fit(
      { train },
      {
        ...tinyFit,
        epochs: 1,
        callbacks: [{ onStart: ({ validationImages }) => void seen.push(validationImages) }],
      },
    );
    const held = splitDataset(train.labels, model.classes, { ...split, seed: 1 }).validation;
    const found = await model.calibrate(subset(train, held));
    assert.deepEqual([found.images], seen);
    const { split: usual } = planFit(model, { train }, {});
    assert.deepEqual(splitDataset(train.labels, model.classes, { seed: 1 }), usual);
    await assert.rejects(
      model.calibrate({ train } as never),
      /It has no validation set: give images that didn't train, .*subset\(train, splitDataset\(train\.labels, \d+, \{ seed: 1/,
    );
    await assert.rejects(
      model.calibrate({
        train: { images: train.images, targets: new Float32Array(3) },
        validation: undefined,
      } as never),
      /It has no validation set: give images that didn't train\.$/,
    );
    await assert.rejects(
      model.evaluate({ train, validation, test: undefined } as never),
      /Give its validation set: evaluate\(dataset\.validation\)\.$/,
    );
    await model.dispose();
  });

  it("is of the weights that it was found for, and doesn't go with others", async () => {
    const model = create({ weightAverage: { decay: 0.9 } });
    await model.fit(tinyData, { ...tinyFit, epochs: 1 });
    const found = await model.calibrate(validation, { weights: "average" });
    const kept = async (weights: "trained" | "average") =>
      modelFromBytes(await model.toBytes({ weights }), weights).state.calibration;
    assert.deepEqual([await kept("average"), await kept("trained")], [found, undefined]);
    const image = test.images.subarray(0, 72);
    const [raw] = await model.classifyImages(image, { weights: "trained" });
    const trained = await model.predict(image);
    assert.equal(raw.predictions[0].probability, Math.max(...trained));
    await model.dispose();
  });

  it("leaves what predict and evaluate say as it is", async () => {
    const model = create();
    const before = [await model.predict(test.images), await model.evaluate(test)];
    await model.calibrate(validation);
    assert.deepEqual([await model.predict(test.images), await model.evaluate(test)], before);
    await assert.rejects(
      model.calibrate(validation, { goal: 2 }),
      /calibrate: goal must be a number above 0/,
    );
    await model.dispose();
  });
});
