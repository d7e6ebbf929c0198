import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { Labels } from "../data/dataset.js";
import { pickImages } from "../data/pick-images.js";
import { splitDataset } from "../data/split.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import type { TrainingData } from "./check-data.js";
import type { FitEventsOptions } from "./fit.js";
import { tinyData, tinyModels } from "./testing/tiny-model.js";

const { train, test, ...named } = tinyData;
const size = 72;
const whole = splitDataset(train.labels, 3, { validationShare: 1 / 6, seed: 1 });

const part = (indices: Uint32Array) => ({
  images: pickImages(train.images, size, indices),
  labels: Uint8Array.from(indices, (index) => train.labels[index]),
});
const asSource = ({ images, labels }: { images: Uint8Array; labels: Labels }) => ({
  labels,
  images: (order: Uint32Array) =>
    Array.from(order, (index) => images.subarray(index * size, (index + 1) * size)),
  fingerprint: "made up",
});

const parted = { ...named, train: part(whole.train), validation: part(whole.validation) };
const options: FitEventsOptions = { batchSize: 8, epochs: 3, restoreBestWeights: true };

const model = tinyModels(nodePlatform)();
after(() => model.dispose());

async function fitted(data: TrainingData, given: FitEventsOptions = options) {
  await model.reset();
  const checkpoints: Checkpoint[] = [];
  const onEpoch = async () => void checkpoints.push(await model.checkpoint());
  const { epochs } = await model.fit(data, { ...given, callbacks: [{ onEpoch }] });
  const figures = epochs.map(({ seconds: _, ...record }) => record);
  return { figures, weights: await model.getWeights(), checkpoints };
}

const come = async (...args: Parameters<typeof fitted>) => {
  const { checkpoints: _, ...rest } = await fitted(...args);
  return rest;
};

describe("a part that validates", () => {
  it("does what the same images held back from those that train do, in memory or as they come", async () => {
    const expected = await come(tinyData, { ...options, validationShare: 1 / 6 });
    assert.deepEqual(await come(parted), expected);
    assert.deepEqual(
      await come({ ...named, train: asSource(parted.train), validation: asSource(parted.validation) }),
      expected,
    );
  });

  it("goes on from a checkpoint to the same bytes, with the same images alone", async () => {
    const { checkpoints, ...expected } = await fitted(parted);
    const resume = checkpoints[0];
    const { figures, weights } = await come(parted, { ...options, resume });
    assert.deepEqual({ figures, weights }, { ...expected, figures: expected.figures.slice(1) });
    const labels = parted.validation.labels.slice();
    labels[0] = (labels[0] + 1) % 3;
    const other = { ...parted, validation: { ...parted.validation, labels } };
    await assert.rejects(
      model.fit(other, { ...options, resume }),
      /when other images validated: there (?:are|were) /,
    );
    const parting = { ...parted, train: { ...parted.train, groups: new Uint32Array(30) } };
    await assert.rejects(
      model.fit(parting, { ...options, resume }),
      /when other images trained: .* or groups\./,
    );
  });

  it("is judged as a whole where a limit takes fewer images to train", async () => {
    const events = model.fitEvents(parted, { ...options, limit: 9 });
    const { value } = await events.next();
    await events.return(undefined);
    assert.ok(value.event === "start");
    assert.deepEqual([value.trainImages, value.validationImages], [9, 6]);
  });

  const refused: [string, TrainingData, RegExp, FitEventsOptions?][] = [
    [
      "a share beside it",
      parted,
      /^fit got a validationShare of 0\.2, but the data has a validation part/,
      { validationShare: 0.2 },
    ],
    ["none in it", { ...parted, validation: part(new Uint32Array(0)) }, /^fit: validation has no images/],
    ["an array", { ...parted, validation: [] as never }, /^fit: validation\.images takes images as bytes/],
    ["a number", { ...parted, validation: 0.2 as never }, /validation: \{ images, labels \}, but got 0\.2/],
    [
      "targets beside labels",
      { ...parted, validation: { images: test.images, targets: new Float32Array(36).fill(1 / 3) } },
      /^fit: validation has targets, but train has labels/,
    ],
  ];
  for (const [what, data, message, more] of refused) {
    it(`refuses ${what}`, () =>
      assert.rejects(model.fit(data, { ...options, ...more }), { name: "UsageError", message }));
  }
});

describe("groups of images that train", () => {
  it("are not parted", async () => {
    const groups = Uint32Array.from(train.labels, (_, image) => Math.floor(image / 12));
    const [last] = (await fitted({ ...tinyData, train: { ...train, groups } })).checkpoints.slice(-1);
    assert.notDeepEqual(
      last.settings.trainingImages,
      (await fitted(tinyData)).checkpoints[0].settings.trainingImages,
    );
    const events = model.fitEvents({ ...tinyData, train: { ...train, groups } }, options);
    const { value } = await events.next();
    await events.return(undefined);
    assert.ok(value.event === "start");
    assert.deepEqual([value.trainImages, value.validationImages], [24, 12]);
  });
});
