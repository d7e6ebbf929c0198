import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { Labels } from "../data/dataset.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import type { LabelsEvaluation } from "../metrics/labels-evaluation.js";
import type { ImagesWithTargets, TrainingData } from "./check-data.js";
import type { CompileOptions } from "./compile.js";
import type { FitEventsOptions } from "./fit.js";
import { Model } from "./model.js";
import { modelFromBytes } from "./model-from-bytes.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";
import { sourcesOf } from "./testing/tiny-sources.js";

const tinyModel = tinyModels(nodePlatform);
const { train, test } = tinyData;
const several = { loss: "binaryCrossEntropy" } as const;

const rows = (labels: Labels, target: (label: number, at: number) => number): Float32Array =>
  Float32Array.from([...labels].flatMap((label) => [0, 1, 2].map((at) => target(label, at))));

/** An image of class c has label c, and label 0 beside it where it is of class 2. */
const labelsOf = ({ images, labels }: typeof train): ImagesWithTargets => ({
  images,
  targets: rows(labels, (label, at) => Number(at === label || (at === 0 && label === 2))),
});

/** Three quarters for the class, the rest for the others. */
const softOf = ({ images, labels }: typeof train): ImagesWithTargets => ({
  images,
  targets: rows(labels, (label, at) => (at === label ? 0.75 : 0.125)),
});

async function withModel<Result>(
  compile: CompileOptions,
  work: (model: Model) => Promise<Result>,
): Promise<Result> {
  const model = tinyModel(compile);
  try {
    return await work(model);
  } finally {
    await model.dispose();
  }
}

const severalData: TrainingData = { ...tinyData, train: labelsOf(train) };
const softData: TrainingData = { ...tinyData, train: softOf(train) };

describe("a model of several labels an image", () => {
  it("learns them, says each by itself, and is judged label by label", () =>
    withModel(several, async (model) => {
      const { epochs } = await model.fit(severalData, { ...tinyFit, epochs: 30 });
      const last = epochs[epochs.length - 1];
      assert.ok(last.trainLoss < 0.4 && last.trainAccuracy > 0.8, JSON.stringify(last));
      assert.ok(last.validationAccuracy > 0.9, JSON.stringify(last));
      const judged = (await model.evaluate(labelsOf(test))) as LabelsEvaluation;
      assert.ok(judged.exactMatch > 0.8 && judged.meanAveragePrecision > 0.9, JSON.stringify(judged));
      assert.deepEqual(
        judged.labels.map(({ name, support }) => [name, support]),
        [
          ["top", 8],
          ["middle", 4],
          ["bottom", 4],
        ],
      );
      const probabilities = await model.predict(test.images);
      const third = [...probabilities.subarray(6, 9)];
      assert.ok(third[0] > 0.5 && third[1] < 0.5 && third[2] > 0.5, `${third}`);
    }));

  it("is remembered by its file, and by what is compiled without a loss", () =>
    withModel(several, async (model) => {
      await model.fit(severalData, { ...tinyFit, epochs: 2 });
      const expected = await model.predict(test.images);
      const bytes = await model.toBytes();
      const { graph, state } = modelFromBytes(bytes, "a file");
      const loaded = new Model(graph, { state, platform: nodePlatform }).compile({ threads: 2 });
      try {
        assert.equal(loaded.loss, "binaryCrossEntropy");
        assert.deepEqual(await loaded.predict(test.images), expected);
        assert.deepEqual(await loaded.toBytes(), bytes);
        loaded.compile({ loss: "crossEntropy" });
        const softmax = await loaded.predict(test.images);
        assert.ok(Math.abs(softmax[0] + softmax[1] + softmax[2] - 1) < 1e-6);
      } finally {
        await loaded.dispose();
      }
    }));

  it("refuses what is for images of one class each", () =>
    withModel(several, async (model) => {
      const asLabels =
        /the model's loss is binaryCrossEntropy, for any number of labels an image: give targets, a Float32Array of \[N, 3\]/;
      await assert.rejects(model.fit(tinyData, tinyFit), { name: "UsageError", message: asLabels });
      await assert.rejects(model.evaluate(test), { name: "UsageError", message: asLabels });
      const weighted = model.fit(severalData, { ...tinyFit, classWeights: [1, 2, 3] });
      await assert.rejects(weighted, /classWeights weigh images by their one class.*Give sampleWeights/);
      assert.throws(
        () =>
          new Model(model.graph, { platform: nodePlatform, state: { weights: [], loss: "mse" as never } }),
        /state: loss must be one of "crossEntropy", "binaryCrossEntropy"/,
      );
    }));
});

describe("soft targets", () => {
  it("train a model towards their probabilities, and are judged by them", () =>
    withModel({}, async (model) => {
      await model.fit(softData, { ...tinyFit, epochs: 40 });
      const [top] = await model.predict(test.images);
      assert.ok(top > 0.6 && top < 0.9, `${top}`);
      const judged = await model.evaluate(softOf(test));
      assert.ok("confusion" in judged && judged.accuracy === 1);
      // Their own entropy is the least that a loss against them can be.
      const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.125);
      assert.ok(judged.loss > entropy - 1e-6 && judged.loss < entropy + 0.1, `${judged.loss}`);
    }));

  it("that are certain give the bytes of labels", async () => {
    const targets = rows(train.labels, (label, at) => Number(at === label));
    const after = (data: TrainingData, compile: CompileOptions, options: FitEventsOptions) =>
      withModel(compile, async (model) => {
        await model.fit(data, { ...tinyFit, epochs: 2, ...options });
        return model.toBytes();
      });
    const certain = { ...tinyData, train: { images: train.images, targets } };
    for (const options of [{}, { classWeights: "balanced" }, { classWeights: [1, 2, 0.5] }] as const) {
      const compile = { labelSmoothing: 0.1 };
      assert.deepEqual(
        await after(certain, { ...compile, threads: 2 }, options),
        await after(tinyData, compile, options),
      );
    }
  });

  it("of a teacher's make a student say what it says", () =>
    withModel({ learningRate: 0.02 }, async (teacher) => {
      await teacher.fit(tinyData, { ...tinyFit, epochs: 10 });
      const targets = await teacher.predict(train.images);
      await withModel({ learningRate: 0.02 }, async (student) => {
        await student.fit({ train: { images: train.images, targets } }, { ...tinyFit, epochs: 20 });
        const [said, wanted] = [await student.predict(test.images), await teacher.predict(test.images)];
        const apart = said.reduce((sum, p, at) => sum + Math.abs(p - wanted[at]), 0) / test.count;
        assert.ok(apart < 0.2, `${apart}`);
      });
    }));

  it("come from a source as well, to the same bytes", async () => {
    const { images, targets } = softOf(train);
    const after = (given: TrainingData["train"]) =>
      withModel({}, async (model) => {
        await model.fit({ ...tinyData, train: given }, { ...tinyFit, epochs: 2 });
        return model.toBytes();
      });
    const [source] = Object.values(sourcesOf(train, nodePlatform.yield));
    const given = { images: source.images, targets };
    assert.deepEqual(await after(given), await after({ images, targets }));
    await withModel({}, async (model) => {
      assert.deepEqual(await model.predict(given), await model.predict(train.images));
    });
  });
});

describe("targets and mixing", () => {
  const mixed: FitEventsOptions = { ...tinyFit, augmentation: { flip: true, mixup: 0.4, cutmix: 1 } };
  const cases: Readonly<Record<string, [TrainingData, CompileOptions, FitEventsOptions]>> = {
    "several labels": [severalData, several, tinyFit],
    "several labels, mixed": [severalData, several, mixed],
    "soft targets, weighed by class": [
      softData,
      { labelSmoothing: 0.1 },
      { ...tinyFit, classWeights: "balanced" },
    ],
    "labels, mixed and weighed": [tinyData, {}, { ...mixed, classWeights: [1, 2, 0.5] }],
  };
  for (const [name, [data, compile, given]] of Object.entries(cases)) {
    it(`go on from a checkpoint on other threads to the same bytes: ${name}`, async () => {
      const options = { ...given, epochs: 2 };
      let file: Uint8Array | undefined;
      const whole = await withModel({ ...compile, threads: 3 }, async (model) => {
        for await (const event of model.fitEvents(data, options)) {
          if (event.event === "epoch") file ??= encodeCheckpoint(await model.checkpoint());
        }
        return model.toBytes();
      });
      const resume = decodeCheckpoint(file!, "the checkpoint");
      await withModel(compile, async (model) => {
        await model.fit(data, { ...options, resume });
        assert.deepEqual(await model.toBytes(), whole);
      });
      if (!("targets" in data.train) || !data.train.targets) return;
      const targets = data.train.targets.slice().fill(0, 0, 3).fill(1, 1, 2);
      await withModel(compile, async (model) => {
        const others = { ...data, train: { images: data.train.images, targets } };
        await assert.rejects(model.fit(others, { ...options, resume }), /when other images trained: /);
      });
    });
  }

  it("of mixed images leave a training loss above the validation's, which are as they are", () =>
    withModel({}, async (model) => {
      const { epochs } = await model.fit(tinyData, { ...mixed, epochs: 12 });
      const last = epochs[epochs.length - 1];
      assert.ok(last.trainLoss > last.validationLoss && last.trainAccuracy <= 1, JSON.stringify(last));
    }));

  it("are not those that labels are given beside", () =>
    withModel({}, async (model) => {
      const both = { ...softOf(train), labels: train.labels } as never;
      await assert.rejects(
        model.fit({ train: both }, tinyFit),
        /has both labels and targets; give one of them/,
      );
      const few = { images: train.images, targets: new Float32Array(9).fill(1 / 3) };
      await assert.rejects(
        model.fit({ train: few }, tinyFit),
        /36 images of .* and 3 rows of targets; give one row of targets an image/,
      );
    }));
});
