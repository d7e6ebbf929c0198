import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform as platform } from "../../node/platform.js";
import type { Dataset, ImageSet } from "../data/dataset.js";
import { HeddleError } from "../errors.js";
import { graphConfig, graphOf } from "../graph/index.js";
import { conv2d, dense, globalAveragePool2d, input } from "../layers/index.js";
import { initialWeights } from "../training/weights.js";
import { bodyOf } from "./body.js";
import { datasetFeatures } from "./dataset-features.js";
import { extractFeatures, type Features } from "./features.js";

const inputShape = [6, 6, 1];
const images = input(inputShape);
const conv = conv2d({ name: "C1", filters: 5, kernelSize: 3, activation: "relu" })(images);
const graph = graphOf(images, dense({ name: "output", units: 3 })(globalAveragePool2d()(conv)));
const normalization = { mean: [0.4], deviation: [0.2] };
const tensors = initialWeights(graph, 3);
const contents = {
  layers: graphConfig(graph),
  inputShape,
  normalization,
  classNames: ["a", "b", "c"],
  tensors,
};

function part(count: number, seed: number): ImageSet & { images: Uint8Array } {
  const values = Uint8Array.from({ length: count * 36 }, (_, at) => (at * 31 + seed * 17 + (at >> 3)) % 256);
  return { count, images: values, labels: new Uint8Array(count) };
}

describe("datasetFeatures", () => {
  const [train, validation, test] = [part(7, 1), part(2, 2), part(40, 3)];
  const dataset: Dataset = {
    name: "made up",
    imageShape: inputShape,
    classNames: ["a", "b"],
    train,
    validation,
    test,
  };
  const options = { platform, threads: 1 };

  it("gives those of each part behind those of the one before, of sources too", async () => {
    const body = { ...bodyOf(graph), tensors, normalization };
    const parts = await Promise.all(
      [train, validation, test].map((each) =>
        extractFeatures(body, each.images, each.count, { ...options, mirrored: true }),
      ),
    );
    const told: [number, number][] = [];
    const found = await datasetFeatures(contents, dataset, {
      ...options,
      mirrored: true,
      onProgress: (done, count) => told.push([done, count]),
    });
    const all = (name: "plain" | "mirrored") => Float32Array.from(parts.flatMap((each) => [...each[name]!]));
    assert.deepEqual(found, { size: 5, plain: all("plain"), mirrored: all("mirrored") });
    assert.deepEqual(told, [
      [7, 49],
      [9, 49],
      [41, 49],
      [49, 49],
    ]);
    const source = async function* (order: Uint32Array) {
      for (const index of order) yield test.images.subarray(index * 36, (index + 1) * 36);
    };
    const streamed = { ...dataset, test: { ...test, images: source } };
    assert.deepEqual(await datasetFeatures(contents, streamed, options), { size: 5, plain: all("plain") });
    const { validation: _, ...two } = dataset;
    assert.equal((await datasetFeatures(contents, two, options)).plain.length, 47 * 5);
  });

  it("asks a cache for each part, and keeps what it didn't know there", async () => {
    const known = new Map<ImageSet, Features>();
    const asked: ImageSet[] = [];
    const cache = (each: ImageSet) => ({
      read: async () => {
        asked.push(each);
        return known.get(each);
      },
      write: async (features: Features) => void known.set(each, features),
    });
    const first = await datasetFeatures(contents, dataset, { ...options, cache });
    assert.deepEqual([known.size, asked], [3, [train, validation, test]]);
    const progress: number[] = [];
    const again = await datasetFeatures(contents, dataset, {
      ...options,
      cache,
      onProgress: (done) => progress.push(done),
    });
    assert.deepEqual([again, progress], [first, []]);
    // Those of mirror images are wanted now, and of one part something else is known.
    known.set(train, { ...first, mirrored: first.plain });
    const more = await datasetFeatures(contents, dataset, { ...options, cache, mirrored: true });
    assert.deepEqual(more.plain, first.plain);
    assert.equal(more.mirrored?.length, first.plain.length);
  });

  it("says what can't be", async () => {
    const fails = (given: object, more: object, message: RegExp) =>
      assert.rejects(
        datasetFeatures({ ...contents, ...given }, { ...dataset, ...more }, options),
        (error: unknown) => error instanceof HeddleError && message.test(error.message),
      );
    await fails({}, { imageShape: [6, 6, 3] }, /takes images of 1 channel, but these have 3/);
    await fails({ tensors: tensors.slice(1) }, {}, /C1\.kernel/);
    await fails({}, { train: undefined }, /dataset.train must be|dataset\.train/);
    await assert.rejects(
      datasetFeatures(contents, dataset, { ...options, cache: 3 as never }),
      /cache must be a function/,
    );
  });
});
