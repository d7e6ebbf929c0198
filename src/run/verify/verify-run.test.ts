import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createNetwork } from "../../core/engine/create.js";
import type { CreateNetwork } from "../../core/engine/network.js";
import { HeddleError } from "../../core/errors.js";
import { decodeModel, encodeModel } from "../../core/formats/model-file.js";
import { chainOf } from "../../core/graph/index.js";
import { batchNorm, conv2d, dense, dropout, flatten } from "../../core/layers/index.js";
import { tinyData, tinyImages, tinyShape } from "../../core/training/testing/tiny-model.js";
import type { RunHost } from "../host.js";
import { memoryStore } from "../memory-store.js";
import { RunError } from "../run-error.js";
import type { Store } from "../store.js";
import { readJson, tinyHost, writeJson } from "../testing/runs.js";
import { type TrainRunOptions, trainRun } from "../train-run.js";
import { verifyReceipt, verifyRun } from "./verify-run.js";

const layers = [
  conv2d({ filters: 4, kernelSize: 3 }),
  batchNorm(),
  dropout(0.2),
  flatten(),
  dense({ units: 3 }),
];

const settings: TrainRunOptions = {
  model: chainOf(layers, tinyShape),
  data: "tiny",
  epochs: 3,
  batchSize: 8,
  learningRate: 0.02,
  augmentation: "flip",
  threads: 1,
};

async function trained(more: Partial<TrainRunOptions> = {}, host = tinyHost): Promise<Store> {
  const run = memoryStore("run");
  await trainRun({ ...settings, ...more }, { run }, host);
  return run;
}

/** A run that is the same but for files that somebody exchanged. */
async function changed(run: Store, ...files: readonly [name: string, content: Uint8Array | undefined][]) {
  const copy = memoryStore("run");
  await copy.make();
  for (const { name } of (await run.list()) ?? []) await copy.write(name, (await run.read(name))!);
  for (const [name, content] of files) {
    if (content) await copy.write(name, content);
    else await copy.remove(name);
  }
  return copy;
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

async function lines(run: Store): Promise<Record<string, unknown>[]> {
  const text = new TextDecoder().decode(await run.read("history.jsonl"));
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const linesOf = (records: readonly object[]): Uint8Array =>
  encoded(records.map((record) => `${JSON.stringify(record)}\n`).join(""));

/** One number of a model file a bit higher. */
function nudged(bytes: Uint8Array, name: string, place: number): Uint8Array {
  const model = decodeModel(bytes, "model");
  const tensors = model.tensors.map((tensor) => {
    const data = tensor.data.slice();
    if (tensor.name === name) data[place] += 1;
    return { ...tensor, data };
  });
  return encodeModel({ ...model, tensors });
}

const whole = { data: true, best: true, last: true, calibration: true, predictions: "digest" };

describe("verifying a run", () => {
  let run: Store;
  before(async () => {
    run = await trained();
  });

  it("comes to the same bytes, all of them, on any number of threads, and leaves the run as it is", async () => {
    const before = await run.list();
    const verification = await verifyRun(run, { threads: 2 }, tinyHost);
    assert.equal(verification.difference, undefined);
    assert.equal(verification.identical, true);
    assert.deepEqual(verification.compared, { ...whole, figures: 3, weights: 3 });
    assert.deepEqual([verification.epochs, verification.epochsRecorded], [3, 3]);
    assert.deepEqual(await run.list(), before);
  });

  it("repeats as many epochs as are wanted", async () => {
    const events: string[] = [];
    const onEvent = ({ event }: { event: string }): void => void events.push(event);
    const { identical, epochs, compared } = await verifyRun(run, { epochs: 1, onEvent }, tinyHost);
    assert.deepEqual([identical, epochs, compared.weights, compared.predictions], [true, 1, 1, false]);
    assert.equal(events.filter((event) => event === "epoch").length, 1);
    await assert.rejects(verifyRun(run, { epochs: 4 }, tinyHost), /has 3 epochs .* and 4 were asked for/);
  });

  it("repeats what a receipt alone says", async () => {
    const text = new TextDecoder().decode(await run.read("receipt.json"));
    const { identical, compared } = await verifyReceipt({ text, name: "receipt.json" }, {}, tinyHost);
    assert.equal(identical, true);
    assert.deepEqual(compared, { ...whole, figures: 3, weights: 3 });
  });

  it("repeats a run of before there were receipts and digests", async () => {
    const records = (await lines(run)).map(({ weightsDigest: _, ...record }) => record);
    const old = await changed(run, ["receipt.json", undefined], ["history.jsonl", linesOf(records)]);
    const { identical, compared } = await verifyRun(old, {}, tinyHost);
    assert.equal(identical, true);
    assert.equal(compared.data, false);
    assert.equal(compared.predictions, "figures");
    assert.ok(compared.weights >= 1 && compared.weights < 3, `${compared.weights}`);
  });

  it("says which epoch first differs, and in what", async () => {
    const records = await lines(run);
    const other = records.map((record, index) => (index === 1 ? { ...record, trainLoss: 0.5 } : record));
    const lied = await changed(run, ["receipt.json", undefined], ["history.jsonl", linesOf(other)]);
    const { identical, difference, epochs } = await verifyRun(lied, {}, tinyHost);
    assert.deepEqual([identical, epochs], [false, 2]);
    assert.deepEqual(difference, {
      at: "epoch",
      epoch: 2,
      figures: [{ figure: "trainLoss", recorded: 0.5, here: records[1].trainLoss }],
    });
  });

  it("says which tensor first differs, where in it, and both values", async () => {
    const last = (await run.read("last.safetensors"))!;
    const other = await changed(run, ["last.safetensors", nudged(last, "conv2d_1.kernel", 7)]);
    const { difference } = await verifyRun(other, {}, tinyHost);
    assert.ok(difference?.at === "weights" && difference.tensor);
    const { tensor, index, recorded, here, count } = difference.tensor;
    assert.deepEqual(
      [difference.weights, difference.epoch, tensor, index, count],
      ["last", 3, "conv2d_1.kernel", [0, 0, 1, 3], 1],
    );
    assert.ok(Math.abs(recorded - here - 1) < 1e-6);
  });

  it("finds a run that another seed trained, in its first epoch", async () => {
    const config = { ...(await readJson(run, "config.json")), seed: 2 };
    const other = await changed(run, ["receipt.json", undefined]);
    await writeJson(other, "config.json", config);
    const { difference } = await verifyRun(other, {}, tinyHost);
    assert.ok(difference?.at === "epoch" && difference.digests);
    assert.equal(difference.epoch, 1);
  });

  it("holds the images against the receipt before anything is trained", async () => {
    const dataset = { ...tinyData, test: tinyImages(12, 3) };
    const { difference, epochs } = await verifyRun(run, { dataset }, tinyHost);
    assert.equal(epochs, 0);
    assert.ok(difference?.at === "data");
    assert.deepEqual([difference.part, difference.what], ["test", "images"]);
  });

  it("refuses a receipt that is of another run than the folder's", async () => {
    const records = (await lines(run)).map((record) => ({ ...record, trainLoss: 0.5 }));
    const other = await changed(run, ["history.jsonl", linesOf(records)]);
    await assert.rejects(verifyRun(other, {}, tinyHost), /says something else than its history\.jsonl/);
  });

  it("stops where it is told to, without a result", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const onEvent = ({ event }: { event: string }): void => {
      if (event === "step") controller.abort(new Error("enough"));
    };
    await assert.rejects(verifyRun(run, { signal, onEvent }, tinyHost), /enough/);
  });

  it("repeats a run that was stopped as far as it went", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const onEvent = ({ event }: { event: string }) => event === "epoch" && controller.abort();
    const stopped = await trained({ signal, onEvent });
    const { identical, epochs, compared } = await verifyRun(stopped, {}, tinyHost);
    assert.deepEqual([identical, epochs, compared.last, compared.best], [true, 1, true, true]);
    assert.equal(compared.predictions, false);
  });

  it("has nothing to repeat of a run of which no epoch ended, and of one that isn't there", async () => {
    const empty = await changed(run, ["history.jsonl", undefined], ["receipt.json", undefined]);
    await assert.rejects(verifyRun(empty, {}, tinyHost), /no epoch of it ended/);
    await assert.rejects(verifyRun(memoryStore("nowhere"), {}, tinyHost), /There is no run at nowhere/);
  });

  it("refuses another arithmetic, and images that only a program has", async () => {
    const refused = async (change: object, code: string, words: RegExp): Promise<void> => {
      const other = await changed(run, ["receipt.json", undefined]);
      await writeJson(other, "config.json", { ...(await readJson(run, "config.json")), ...change });
      await assert.rejects(verifyRun(other, {}, tinyHost), (error) => {
        assert.ok(error instanceof RunError && error.code === code, String(error));
        assert.match(error.message, words);
        return true;
      });
    };
    await refused({ arithmeticVersion: 1 }, "notRepeatable", /version 1 of the arithmetic/);
    await refused({ ownData: true }, "imagesNeeded", /images that a program handed over/);
  });
});

describe("verifying a run of other settings", () => {
  const cases: readonly [string, Partial<TrainRunOptions>][] = [
    ["that keeps an average of its weights", { weightAverage: { decay: 0.9 } }],
    ["that stops early", { epochs: 20, earlyStopping: { patience: 2, minDelta: 10 } }],
    ["that mixes and weighs images", { augmentation: { cutmix: 1 }, classWeights: [1, 2, 1] }],
  ];
  for (const [what, more] of cases) {
    it(`repeats one ${what}`, async () => {
      const run = await trained({ model: chainOf([flatten(), dense({ units: 3 })], tinyShape), ...more });
      const { identical, difference, compared } = await verifyRun(run, {}, tinyHost);
      assert.equal(difference, undefined);
      assert.equal(identical, true);
      assert.equal(compared.predictions, "digest");
    });
  }
});

describe("the arithmetic of a run that is verified", () => {
  /** The engine's networks, on a machine that does or doesn't fuse. */
  const hostThat = (fuses: boolean): RunHost => {
    const make: CreateNetwork = Object.assign(
      (options: Parameters<CreateNetwork>[0]) => createNetwork({ ...options, portable: true }),
      { fusesMultiplyAdd: () => fuses },
    );
    return { ...tinyHost, createNetwork: make };
  };

  it("is not to be had where nothing fuses, if it was fused", async () => {
    const run = await trained({ epochs: 1 }, hostThat(true));
    const environment = { ...(await readJson(run, "environment.json")), relaxedSimd: true };
    const fused = await changed(run, ["receipt.json", undefined]);
    await writeJson(fused, "environment.json", environment);
    await assert.rejects(verifyRun(fused, {}, hostThat(false)), (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, /was trained with fused multiply-adds, and WebAssembly has none here/);
      return true;
    });
  });

  it("is portable wherever it is repeated, if nothing fused where it was trained", async () => {
    const run = await trained({ epochs: 1 }, hostThat(false));
    const { identical, fusedMultiplyAdd } = await verifyRun(run, {}, tinyHost);
    assert.deepEqual([identical, fusedMultiplyAdd], [true, false]);
  });
});
