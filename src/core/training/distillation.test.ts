import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import type { ImageSetInMemory } from "../data/dataset.js";
import { UsageError } from "../errors.js";
import { distilledTargets } from "./distillation.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const { train } = tinyData;
const rows = Float32Array.from({ length: train.count * 3 }, (_, at) => [0.5, 0.25, 0.25][(at + 1) % 3]);
const given = { probabilities: rows, weight: 0.25, temperature: 1 };

describe("the targets of a distillation", () => {
  const teacher = Float32Array.of(0.5, 0.25, 0.25, 0.1, 0.1, 0.8);
  const answers = { labels: Uint8Array.of(0, 1) };
  const of = (settings: { weight: number; temperature: number }) =>
    [...distilledTargets({ probabilities: teacher, ...settings }, answers, { classes: 3 })].map((target) =>
      Number(target.toFixed(5)),
    );

  it("are the label's share and the teacher's", () => {
    assert.deepEqual(of({ weight: 0.5, temperature: 1 }), [0.75, 0.125, 0.125, 0.05, 0.55, 0.4]);
    assert.deepEqual(of({ weight: 0, temperature: 1 }), [1, 0, 0, 0, 1, 0]);
  });

  it("are softer the higher the temperature", () => {
    const [most, second] = of({ weight: 1, temperature: 2 });
    // √0.5 and √0.25 twice, divided by their sum.
    assert.deepEqual([most, second], [0.41421, 0.29289]);
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

  it("trains as the same targets do, and judges by the labels", async () => {
    const targets = distilledTargets(given, train, { classes: 3 });
    const taught = await trainedBy({ distillation: given });
    const same = await trainedBy({}, { ...tinyData, train: soft(train, targets) });
    assert.deepEqual(taught.bytes, same.bytes);
    assert.notEqual(taught.epochs[1].validationLoss, same.epochs[1].validationLoss);
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
