import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, it } from "node:test";
import { sha256 } from "../../core/formats/sha256.js";
import { chainOf } from "../../core/graph/index.js";
import { dense, flatten } from "../../core/layers/index.js";
import { canonical } from "../../core/training/checkpoint.js";
import { tinyData, tinyShape } from "../../core/training/testing/tiny-model.js";
import { memoryStore } from "../memory-store.js";
import { resumeRun } from "../resume-run.js";
import { RunFolder } from "../run-folder.js";
import type { Store } from "../store.js";
import { readJson, tinyHost } from "../testing/runs.js";
import { trainRun } from "../train-run.js";
import { dataDigests } from "./digests.js";
import { parseReceipt, type Receipt, receiptText } from "./receipt.js";

const settings = {
  model: chainOf([flatten(), dense({ units: 3 })], tinyShape),
  data: "tiny",
  epochs: 2,
  batchSize: 8,
  threads: 1,
};

interface Written {
  format: string;
  version: number;
  more?: number;
  config: { seed: number };
  history: { epoch: number; trainLoss: number }[];
  weights: { first?: string; best: { epoch: number }; last: { file: string } };
}

const opensslOf = (bytes: Uint8Array | undefined): string =>
  createHash("sha256").update(bytes!).digest("hex");

describe("a run's receipt", () => {
  let run: Store;
  let receipt: Receipt;
  before(async () => {
    run = memoryStore("run");
    await trainRun(settings, { run }, tinyHost);
    receipt = (await new RunFolder(run).readReceipt())!;
  });

  it("has the digests that anyone works out of the run's files and images", async () => {
    const { weights, configDigest, data, history } = receipt;
    assert.equal(weights.best.file, opensslOf(await run.read("best.safetensors")));
    assert.equal(weights.last.file, opensslOf(await run.read("last.safetensors")));
    assert.equal(configDigest, opensslOf(await run.read("config.json")));
    assert.equal(history[1].weightsDigest, weights.last.file);
    assert.equal(data.train.images, opensslOf(tinyData.train.images));
    const labels = new Uint8Array(Uint32Array.from(tinyData.test.labels).buffer);
    assert.equal(data.test.labels, opensslOf(labels));
    assert.equal(receipt.predictions.count, tinyData.test.count);
    assert.deepEqual(Object.keys(history[0]).includes("seconds"), false);
  });

  it("is the same of a run that was stopped and went on", async () => {
    const stopped = memoryStore("stopped");
    const controller = new AbortController();
    const { signal } = controller;
    const onEvent = ({ event }: { event: string }) => event === "epoch" && controller.abort();
    await trainRun({ ...settings, signal, onEvent }, { run: stopped }, tinyHost);
    assert.equal(await new RunFolder(stopped).readReceipt(), undefined);
    await resumeRun(stopped, { threads: 1 }, tinyHost);
    assert.deepEqual(await new RunFolder(stopped).readReceipt(), receipt);
  });

  it("has the same digests of images that a source gives", async () => {
    const { train, imageShape } = tinyData;
    const images = async function* (order: Uint32Array) {
      for (const index of order) yield train.images.subarray(index * 72, index * 72 + 72);
    };
    const given = { ...tinyData, train: { ...train, images }, imageShape };
    assert.deepEqual(await dataDigests(given, { host: tinyHost }), receipt.data);
  });

  it("is read as it was written", () => {
    assert.deepEqual(parseReceipt(receiptText(receipt), "receipt.json"), receipt);
  });

  const changes: readonly [string, (json: Written) => void, RegExp][] = [
    ["a loss", (json) => (json.history[0].trainLoss += 1e-9), /it was changed after it was written/],
    ["a key that nobody knows", (json) => (json.more = 1), /is not what heddle writes there/],
    [
      "a digest that is none",
      (json) => (json.weights.last.file = "x"),
      /weights\.last\.file: expected a SHA-256/,
    ],
    ["another version", (json) => (json.version = 2), /is a receipt of another version than 1/],
    ["another format", (json) => (json.format = "x"), /is no receipt: its format is not/],
  ];
  for (const [what, change, words] of changes) {
    it(`is refused with ${what}`, async () => {
      const json = await readJson(run, "receipt.json");
      change(json as unknown as Written);
      assert.throws(() => parseReceipt(JSON.stringify(json), "receipt.json"), words);
    });
  }

  const sealed: readonly [string, (json: Written) => void, RegExp][] = [
    ["of other epochs", (json) => (json.history[1].epoch = 7), /epochs don't follow each other/],
    ["of an epoch that it hasn't", (json) => (json.weights.best.epoch = 9), /epochs that its history hasn't/],
    ["of another config", (json) => (json.config.seed = 9), /configDigest is not its config's/],
    ["on a body that nobody knows", (json) => (json.weights.first = "0".repeat(64)), /stood on a body/],
  ];
  for (const [what, change, words] of sealed) {
    it(`is refused ${what}, whoever sealed it`, async () => {
      const { digest: _, ...json } = await readJson(run, "receipt.json");
      change(json as unknown as Written);
      const text = JSON.stringify({ ...json, digest: sha256(canonical(json)) });
      assert.throws(() => parseReceipt(text, "receipt.json"), words);
    });
  }
});
