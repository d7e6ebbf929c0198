import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  type CompileOptions,
  type Dataset,
  type FitEventsOptions,
  modelDefinitions,
  muon,
  type NamedTensor,
  parseAugmentation,
  sequential,
} from "../../node/index.js";
import { type PaperModel, paperModels } from "../../reproduction/paper/paper.js";

/**
 * Digests of trained weights, by what was trained how. They hold for every processor and every number of threads; a
 * change of arithmetic that is meant writes them anew, and says so.
 */
const expected = JSON.parse(readFileSync("src/core/training/fixtures/paper-bytes.json", "utf8")) as Readonly<
  Record<string, string>
>;

const inputShape = [28, 28, 1];
const classes = 10;
const count = 96;

/** A bright band a class, at another height for each, under noise of whole-number arithmetic. */
function madeUpData(): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, image) => (7 * image + 3) % classes);
  let state = 1;
  const images = Uint8Array.from({ length: count * 28 * 28 }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const row = Math.floor(at / 28) % 28;
    const first = 1 + 2 * labels[Math.floor(at / (28 * 28))];
    return (state >>> 25) + (row >= first && row < first + 6 ? 128 : 0);
  });
  const classNames = Array.from({ length: classes }, (_, label) => `class ${label}`);
  const set = { count, images, labels };
  return { name: "bands", imageShape: inputShape, classNames, train: set, test: set };
}

/** SHA-256 over names, shapes and values, in the order of the names. */
function digest(tensors: readonly NamedTensor[]): string {
  const hash = createHash("sha256");
  const weights = tensors.filter(({ name }) => !name.startsWith("normalization."));
  for (const { name, shape, data } of weights.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name} ${shape.join(" × ")}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

async function trainedDigest(
  name: PaperModel,
  compile: CompileOptions,
  fit: FitEventsOptions,
): Promise<string> {
  const layers = modelDefinitions[name].layers(inputShape, classes);
  const model = sequential(layers, { inputShape, seed: 1 });
  model.compile({ optimizer: "adam", threads: 2, portable: true, ...compile });
  try {
    const { end } = await model.fit(madeUpData(), { epochs: 2, batchSize: 32, validationShare: 0, ...fit });
    assert.equal(end.reason, "finished");
    return digest(await model.getWeights());
  } finally {
    await model.dispose();
  }
}

describe("the paper's models, two epochs of 96 images", () => {
  const holds = (title: string, name: PaperModel, compile: CompileOptions = {}, fit: FitEventsOptions = {}) =>
    it(`gives the fixture's weights, byte by byte: ${title}`, async () => {
      assert.equal(await trainedDigest(name, compile, fit), expected[title]);
    });

  for (const name of paperModels) holds(`${name} with adam`, name);
  holds(
    "proposed with muon, flips and label smoothing",
    "proposed",
    { optimizer: muon(), labelSmoothing: 0.1 },
    { augmentation: parseAugmentation("flip") },
  );
  // 76 train: two whole batches and a rest of 12.
  holds("proposed with a last smaller batch", "proposed", {}, { validationShare: 0.2 });
});
