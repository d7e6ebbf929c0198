import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { ImageSetInMemory } from "../data/dataset.js";
import { UsageError } from "../errors.js";
import { chainOf } from "../graph/index.js";
import { distilledCrossEntropy } from "../kernels/reference/softmax-cross-entropy.js";
import { dense, flatten } from "../layers/index.js";
import { atTemperature } from "../metrics/temperature.js";
import { distilledTargets, type Softens, teachingOf } from "./distillation.js";
import { Model } from "./model.js";
import { tinyData, tinyFit, tinyModels, tinyShape } from "./testing/tiny-model.js";

const { train } = tinyData;
const rows = Float32Array.from({ length: train.count * 3 }, (_, at) => [0.5, 0.25, 0.25][(at + 1) % 3]);
const given = { probabilities: rows, weight: 0.25, temperature: 1, softens: "both" } as const;

describe("the targets of a distillation", () => {
  const probabilities = Float32Array.of(0.5, 0.25, 0.25, 0.1, 0.1, 0.8);
  const labels = Uint8Array.of(0, 1);
  const of = (
    weight: number,
    temperature: number,
    { labelSmoothing, softens = "both" }: { labelSmoothing?: number; softens?: Softens } = {},
  ): number[] => {
    const given = { probabilities, weight, temperature, softens };
    const teaching = teachingOf(given, { labels }, { classes: 3 });
    return [...distilledTargets(teaching, labels, labelSmoothing)].map((target) => Number(target.toFixed(5)));
  };

  it("are the label's share and the teacher's", () => {
    assert.deepEqual(of(0.5, 1), [0.75, 0.125, 0.125, 0.05, 0.55, 0.4]);
    assert.deepEqual(of(0, 1), [1, 0, 0, 0, 1, 0]);
    assert.deepEqual(of(0, 1, { labelSmoothing: 0.3 }).slice(0, 3), [0.8, 0.1, 0.1]);
  });

  it("are of the teacher's answer at the temperature, that many times", () => {
    // √0.5 and √0.25 twice, divided by their sum.
    assert.deepEqual(of(1, 2).slice(0, 2), [0.82843, 0.58579]);
    assert.deepEqual(of(1, 2, { softens: "teacher" }).slice(0, 2), [0.41421, 0.29289]);
  });
});

describe("a distillation", () => {
  const make = tinyModels(nodePlatform);
  const trainedBy = async (fit: object, data: object = tinyData) => {
    const model = make();
    try {
      const { epochs } = await model.fit(data as typeof tinyData, { ...tinyFit, epochs: 2, ...fit });
      return { bytes: await model.toBytes(), epochs };
    } finally {
      await model.dispose();
    }
  };
  const soft = ({ labels: _, ...images }: ImageSetInMemory, targets: Float32Array) => ({
    ...images,
    targets,
  });

  it("is known by what it was given at the start, whatever becomes of that", async () => {
    const settings = async (change: (answers: Float32Array, weights: number[]) => void): Promise<unknown> => {
      const model = make();
      try {
        const [probabilities, sampleWeights] = [rows.slice(), Array<number>(train.count).fill(1)];
        const fit = { ...tinyFit, epochs: 1, distillation: { ...given, probabilities }, sampleWeights };
        for await (const { event } of model.fitEvents(tinyData, fit)) {
          if (event === "start") change(probabilities, sampleWeights);
          if (event === "epoch") return (await model.checkpoint()).settings;
        }
        return undefined;
      } finally {
        await model.dispose();
      }
    };
    const changed = await settings((answers, weights) => {
      answers.fill(1 / 3);
      weights.fill(2);
    });
    assert.deepEqual(changed, await settings(() => undefined));
  });

  it("of a softened teacher trains as the same targets do, and judges by the labels", async () => {
    const distillation = { ...given, temperature: 2, softens: "teacher" } as const;
    const targets = distilledTargets(teachingOf(distillation, train, { classes: 3 }), train.labels);
    const taught = await trainedBy({ distillation });
    const same = await trainedBy({}, { ...tinyData, train: soft(train, targets) });
    assert.deepEqual(taught.bytes, same.bytes);
    assert.notEqual(taught.epochs[1].validationLoss, same.epochs[1].validationLoss);
  });

  it("has the loss of both softmaxes, the label's smoothed and the teacher's at the temperature", async () => {
    const chain = chainOf([flatten(), dense({ units: 3 })], tinyShape);
    const model = new Model(chain, { platform: nodePlatform }).compile({ threads: 1, labelSmoothing: 0.2 });
    const settings = { weight: 0.6, temperature: 3 };
    try {
      const before = await model.predict(train.images);
      const fit = { validationShare: 0, batchSize: train.count, normalization: "keep" } as const;
      const distillation = { probabilities: rows, ...settings };
      const { epochs } = await model.fit(tinyData, { ...fit, distillation });
      const softened = atTemperature(rows, 3, settings.temperature);
      const losses = Array.from(train.labels, (label, image) => {
        const of = (all: Float32Array) => all.subarray(3 * image, 3 * image + 3);
        const own = [0, 1, 2].map((each) => (each === label ? 0.8 : 0) + 0.2 / 3);
        // A softmax takes logarithms of its own outputs for the logits.
        const logits = Float64Array.from(of(before), Math.log);
        return distilledCrossEntropy(logits, { own, taught: of(softened) }, settings).loss;
      });
      const mean = losses.reduce((sum, each) => sum + each, 0) / losses.length;
      assert.ok(Math.abs(epochs[0].trainLoss - mean) < 1e-5, `${epochs[0].trainLoss}, not ${mean}`);
    } finally {
      await model.dispose();
    }
  });

  const wrong: readonly [string, object, object, RegExp][] = [
    [
      "too few rows",
      { probabilities: rows.subarray(3) },
      tinyData,
      /has a length of 105; give 3 for each of the 36/,
    ],
    ["a weight above 1", { ...given, weight: 2 }, tinyData, /weight must be a number from 0 to 1/],
    ["what has targets", given, { ...tinyData, train: soft(train, rows) }, /but the images have targets/],
  ];
  for (const [what, distillation, data, words] of wrong) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(trainedBy({ distillation }, data), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }
});
