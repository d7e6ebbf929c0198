import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Dataset, ImageSetInMemory } from "../core/data/dataset.js";
import type { PicturePreparation } from "../core/data/picture-preparation.js";
import { HeddleError } from "../core/errors.js";
import { decodeModel } from "../core/formats/index.js";
import { dense, dropout, flatten } from "../core/layers/index.js";
import { createRandom } from "../core/random.js";
import { evaluateRun } from "./evaluate-run.js";
import type { DataRequest, RunHost } from "./host.js";
import { memoryStore } from "./memory-store.js";
import { resumeRun } from "./resume-run.js";
import { readRunRecord } from "./run-record.js";
import type { RunSettings } from "./run-settings.js";
import { kept, readJson, tinyHost, writeJson } from "./testing/runs.js";
import { trainRun } from "./train-run.js";

const imageShape = [4, 5, 3];
const size = 60;
const preparation: PicturePreparation = { size: [4, 5], channels: 3, resize: "fit", background: 255 };

/** Pictures of class c are bright in channel c. */
function pictures(count: number, seed: number): ImageSetInMemory {
  const random = createRandom(seed);
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 3);
  const images = Uint8Array.from({ length: count * size }, (_, place) => {
    return random.below(80) + (place % 3 === labels[Math.floor(place / size)] ? 120 : 0);
  });
  return { count, images, labels };
}

const inMemory: Dataset = {
  name: "photos",
  imageShape,
  classNames: ["red", "green", "blue"],
  preparation,
  train: {
    ...pictures(24, 1),
    groups: Uint32Array.from({ length: 24 }, (_, image) => Math.floor(image / 6)),
  },
  validation: pictures(9, 2),
  test: pictures(12, 3),
};

/** The same, read as it is wanted. */
function streamed(asked: Uint32Array[] = []): Dataset {
  const stream = ({ images, ...set }: Dataset["train"]) => ({
    ...set,
    fingerprint: "the same",
    images: async function* (order: Uint32Array) {
      asked.push(order.slice());
      for (const index of order) yield (images as Uint8Array).slice(index * size, (index + 1) * size);
    },
  });
  const { train, validation, test } = inMemory;
  return { ...inMemory, train: stream(train), validation: stream(validation!), test: stream(test) };
}

function hostOf(dataset: Dataset, requests: DataRequest[] = []): RunHost {
  return {
    ...tinyHost,
    loadData: async (_, request = {}) => {
      requests.push(request);
      return dataset;
    },
  };
}

const settings: RunSettings = {
  model: { name: "own", layers: () => [flatten(), dropout(0.1), dense({ units: 3 })] },
  data: "photos",
  dataOptions: { kind: "folder", size: 4 },
  epochs: 3,
  batchSize: 8,
  learningRate: 0.01,
  portable: true,
};

describe("a run on pictures", () => {
  it("that are read as they are wanted comes to the bytes of one on pictures in memory, also where it was stopped", async () => {
    const [whole, stopped] = [memoryStore("whole"), memoryStore("stopped")];
    const { evaluation } = await trainRun({ ...settings, threads: 1 }, { run: whole }, hostOf(inMemory));
    const controller = new AbortController();
    const onEvent = ({ event }: { event: string }) => void (event === "epoch" && controller.abort());
    const { signal } = controller;
    await trainRun({ ...settings, threads: 1, signal, onEvent }, { run: stopped }, hostOf(streamed()));
    const requests: DataRequest[] = [];
    await resumeRun(stopped, { threads: 1 }, hostOf(streamed(), requests));
    assert.deepEqual(await kept(stopped), await kept(whole));
    const judged = await evaluateRun(stopped, { threads: 1 }, hostOf(streamed(), requests));
    assert.deepEqual(judged.evaluation, evaluation);
    const record = await readRunRecord(stopped, { name: "x", data: "other" }, hostOf(streamed(), requests));
    assert.deepEqual(record.evaluation, evaluation);
    assert.deepEqual(
      requests.map(({ options, preparation }) => ({ options, preparation })),
      [settings.dataOptions, settings.dataOptions, undefined].map((options) => ({ options, preparation })),
    );
  });

  it("goes on with the same pictures alone, as far as they are told apart", async () => {
    const run = memoryStore();
    const controller = new AbortController();
    const onEvent = ({ event }: { event: string }) => void (event === "epoch" && controller.abort());
    const { signal } = controller;
    await trainRun({ ...settings, threads: 1, signal, onEvent }, { run }, hostOf(streamed()));
    const { train, validation, test, ...rest } = streamed();
    const changed = (set: Dataset["train"]) => ({ ...set, fingerprint: "another" });
    for (const [other, message] of [
      [
        { ...rest, train: changed(train), validation, test },
        /when other images trained: there are .* as then, but others/,
      ],
      [
        { ...rest, train, validation: changed(validation!), test },
        /when other images validated: there are .* as then, but others/,
      ],
      [
        { ...rest, train, validation, test: changed(test) },
        /judged on other test images or labels: there are .* as then/,
      ],
    ] as const) {
      await assert.rejects(resumeRun(run, { threads: 1 }, hostOf(other)), message);
    }
  });

  it("keeps with its models what they were called and how they were prepared", async () => {
    const run = memoryStore();
    await trainRun({ ...settings, epochs: 1, threads: 1 }, { run }, hostOf(inMemory));
    for (const file of ["best.safetensors", "last.safetensors"]) {
      const model = decodeModel((await run.read(file))!, file);
      assert.deepEqual([model.classNames, model.preparation], [inMemory.classNames, preparation]);
    }
    const config = await readJson(run, "config.json");
    assert.deepEqual([config.preparation, config.dataOptions], [preparation, settings.dataOptions]);
    await writeJson(run, "config.json", { ...config, preparation: { ...preparation, size: [4, 4] } });
    await assert.rejects(evaluateRun(run, {}, hostOf(inMemory)), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, /its preparation makes no images of its inputShape/);
      return true;
    });
  });

  it("is judged on pictures of its own classes alone", async () => {
    const run = memoryStore();
    await trainRun({ ...settings, epochs: 1, threads: 1 }, { run }, hostOf(inMemory));
    const others = { ...inMemory, name: "others", classNames: ["red", "blue", "green"] };
    await assert.rejects(
      evaluateRun(run, { data: "others", threads: 1 }, hostOf(others)),
      /The run's model tells other classes apart than others has: its class 1 is "green", there it is "blue"/,
    );
  });

  it("takes options of data that is loaded by name, as JSON values", async () => {
    for (const [wrong, message] of [
      [{ data: inMemory }, /got dataOptions beside a data set that is loaded already/],
      [{ dataOptions: { size: () => 3 } }, /dataOptions must be an object of JSON values/],
      [{ dataOptions: [3] }, /dataOptions must be an object of JSON values/],
    ] as const) {
      const given = { ...settings, ...wrong } as RunSettings;
      await assert.rejects(trainRun(given, { run: memoryStore() }, hostOf(inMemory)), message);
    }
  });
});
