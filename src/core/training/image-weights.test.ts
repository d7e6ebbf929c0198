import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../node/platform.js";
import { decodeCheckpoint, encodeCheckpoint } from "../formats/checkpoint-file.js";
import type { FitEventsOptions } from "./fit.js";
import { imageWeights } from "./image-weights.js";
import { tinyData, tinyFit, tinyModels } from "./testing/tiny-model.js";

const tinyModel = tinyModels(nodePlatform);

/** What a fit leaves, and what it told of its last epoch. */
async function after(options: FitEventsOptions, threads = 1) {
  const model = tinyModel({ threads });
  try {
    const { epochs } = await model.fit(tinyData, { ...tinyFit, epochs: 2, ...options });
    const { seconds: _, ...last } = epochs[epochs.length - 1];
    return { bytes: await model.toBytes(), last };
  } finally {
    await model.dispose();
  }
}

describe("weights of images", () => {
  const labels = Uint8Array.of(0, 1, 0, 2, 0, 1);
  const answers = { labels, classes: 3, loss: "crossEntropy" } as const;
  const split = { train: Uint32Array.of(0, 1, 2, 3), validation: Uint32Array.of(4, 5) };

  it("are their class's times their own", () => {
    const of = (options: Parameters<typeof imageWeights>[0]) => imageWeights(options, answers, split);
    assert.equal(of({}), undefined);
    assert.deepEqual([...of({ classWeights: [1, 2, 0.5] })!], [1, 2, 1, 0.5, 1, 2]);
    assert.deepEqual([...of({ sampleWeights: [1, 2, 3, 4, 5, 6] })!], [1, 2, 3, 4, 5, 6]);
    const both = of({ classWeights: [1, 2, 0.5], sampleWeights: Float64Array.of(1, 2, 3, 4, 5, 6) });
    assert.deepEqual([...both!], [1, 4, 3, 2, 5, 12]);
    // Of four that train two are of class 0: 4 / (3 · 2), and 4 / (3 · 1) of the others.
    const [two, one] = [Math.fround(4 / 6), Math.fround(4 / 3)];
    assert.deepEqual([...of({ classWeights: "balanced" })!], [two, one, two, one, two, one]);
  });

  it("change nothing where all are 1, or two cancel out, on any number of threads", async () => {
    const plain = await after({});
    assert.deepEqual(await after({ classWeights: [1, 1, 1] }), plain);
    assert.deepEqual(await after({ classWeights: "balanced" }, 2), plain, "of classes of one size");
    const halves = Array.from(tinyData.train.labels, () => 0.5);
    assert.deepEqual(await after({ classWeights: [2, 2, 2], sampleWeights: halves }, 3), plain);
  });

  it("of 0 leave images out of the loss and of what is learned", async () => {
    const { last, bytes } = await after({ classWeights: [0, 1, 1], epochs: 20 });
    const model = tinyModel();
    const { last: plain } = await after({ epochs: 20 });
    assert.ok(last.validationAccuracy <= 2 / 3 && plain.validationAccuracy === 1);
    assert.deepEqual((await after({ classWeights: [0, 1, 1], epochs: 20 }, 3)).bytes, bytes);
    await model.dispose();
  });

  it("belong to what a checkpoint must agree with, and only where there are any", async () => {
    const sampleWeights = Array.from(tinyData.train.labels, (_, index) => 1 + (index % 3));
    const options = { ...tinyFit, epochs: 2, sampleWeights };
    const model = tinyModel();
    let file: Uint8Array | undefined;
    for await (const event of model.fitEvents(tinyData, options))
      if (event.event === "epoch") file ??= encodeCheckpoint(await model.checkpoint());
    const whole = await model.toBytes();
    await model.reset();
    const resume = decodeCheckpoint(file!, "file");
    await assert.rejects(
      async () => model.fit(tinyData, { ...tinyFit, epochs: 2, resume }),
      /its sampleWeights is \d+, here it is absent/,
    );
    await model.fit(tinyData, { ...options, sampleWeights: Float32Array.from(sampleWeights), resume });
    assert.deepEqual(await model.toBytes(), whole);
    const settings = model.fitSettings(tinyData, tinyFit);
    assert.ok(!("sampleWeights" in settings || "classWeights" in settings));
    await model.dispose();
  });

  it("are refused where they don't fit or leave nothing to learn", async () => {
    const refused = (given: FitEventsOptions, words: RegExp) =>
      assert.rejects(async () => tinyModel().fit(tinyData, { ...tinyFit, ...given }), words);
    await refused(
      { classWeights: [1, 2] },
      /fit: classWeights has a length of 2; give a weight for each of the 3 classes of the model/,
    );
    await refused(
      { classWeights: [1, -1, 1] },
      /classWeights must be .*a weight a class, each a number of 0 or more/,
    );
    await refused({ classWeights: [0, 0, 0] }, /classWeights gives every image that trains a weight of 0/);
    await refused(
      { classWeights: "balance" as never },
      /fit: classWeights must be one of "balanced", or a list/,
    );
    await refused(
      { sampleWeights: [1] },
      /sampleWeights has a length of 1; give a weight for each of the 36/,
    );
    const ones = new Float32Array(36).fill(1);
    await refused(
      { sampleWeights: ones.with(3, -1) },
      /sampleWeights\[3\] must be a number of 0 or more, but is -1/,
    );
    await refused(
      { sampleWeights: ones.fill(0) },
      /sampleWeights gives every image that trains a weight of 0/,
    );
    await refused(
      { classWeights: [1e300, 1, 1] },
      /^UsageError: fit: classWeights must be .*, but is \[1e\+300, 1, 1\]/,
    );
    const large = Float64Array.from(ones.fill(1));
    await refused(
      { sampleWeights: large.with(3, 1e39) },
      /sampleWeights\[3\] must be a number of 0 or more, but is 1e\+39\. As a 32-bit float it is infinite/,
    );
    await refused(
      { classWeights: [1e20, 1e20, 1e20], sampleWeights: large.fill(1e20) },
      /classWeights times sampleWeights gives image 0 a weight that is infinite as a 32-bit float/,
    );
    await refused({ class_weight: "balanced" } as never, /Give classWeights|Did you mean classWeights/);
  });
});
