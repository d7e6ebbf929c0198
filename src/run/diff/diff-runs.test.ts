import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { chainOf } from "../../core/graph/index.js";
import { dense, dropout, flatten } from "../../core/layers/index.js";
import { tinyData, tinyImages, tinyShape } from "../../core/training/testing/tiny-model.js";
import { memoryStore } from "../memory-store.js";
import type { Store } from "../store.js";
import { tinyHost } from "../testing/runs.js";
import { type TrainRunOptions, trainRun } from "../train-run.js";
import { diffRuns } from "./diff-runs.js";

const settings: TrainRunOptions = {
  model: chainOf([flatten(), dense({ units: 3 })], tinyShape),
  data: "tiny",
  epochs: 2,
  batchSize: 8,
  threads: 1,
};

async function trained(name: string, more: Partial<TrainRunOptions> = {}): Promise<Store> {
  const run = memoryStore(name);
  await trainRun({ ...settings, ...more }, { run }, tinyHost);
  return run;
}

describe("two runs", () => {
  let first: Store;
  before(async () => {
    first = await trained("first");
  });
  const diff = async (second: Store, steps = false) =>
    diffRuns([first, second], { steps, threads: 1 }, tinyHost);

  it("of the same settings differ in nothing", async () => {
    const { settings, data, environment, parting, last, best, dataCompared } = await diff(
      await trained("same"),
    );
    assert.deepEqual([settings, data, environment, parting], [[], [], [], undefined]);
    assert.deepEqual([last?.tensors, last?.compared, best?.tensors], [[], 4, []]);
    assert.equal(dataCompared, true);
  });

  it("of other seeds part before the first step", async () => {
    const { settings, parting, last } = await diff(await trained("seed", { seed: 2 }), true);
    assert.deepEqual(settings, [{ key: "seed", values: [1, 2] }]);
    assert.deepEqual(parting, { epoch: 1, by: "weights", step: 0 });
    const [kernel] = last?.tensors ?? [];
    assert.equal(kernel.tensor, "dense_1.kernel");
    assert.ok((kernel.largest ?? 0) >= (kernel.rootMeanSquare ?? 1));
  });

  it("of other rates part with the first step", async () => {
    const { parting } = await diff(await trained("rate", { learningRate: 0.002 }), true);
    assert.deepEqual(parting, { epoch: 1, by: "weights", step: 1 });
  });

  it("that part in a later epoch are the same until then", async () => {
    const falling = (decayEpochs: number) =>
      trained(`every ${decayEpochs}`, {
        schedule: { name: "step", learningRate: 0.01, decay: 0.5, decayEpochs },
      });
    const [one, two] = [await falling(1), await falling(2)];
    const { parting } = await diffRuns([one, two], { steps: true, threads: 1 }, tinyHost);
    assert.deepEqual(parting, { epoch: 2, by: "weights", step: 1 });
  });

  it("of other layers have tensors that the other hasn't", async () => {
    const model = chainOf([flatten(), dropout(0.1), dense({ units: 4 }), dense({ units: 3 })], tinyShape);
    const { settings, last } = await diff(await trained("layers", { model }));
    assert.ok(settings.some(({ key }) => key === "layers.dropout_1"));
    assert.deepEqual(last?.only, [
      ["dense_1.kernel", "dense_1.bias"],
      ["dense_1.kernel", "dense_1.bias", "dense_2.kernel", "dense_2.bias"],
    ]);
  });

  it("on other images differ in those parts", async () => {
    const given = { ...tinyData, test: tinyImages(12, 5) };
    const { data, parting } = await diff(await trained("data", { data: "tiny", dataset: given }));
    assert.deepEqual(
      data.map(({ key }) => key),
      ["test.images"],
    );
    assert.equal(parting, undefined);
  });

  it("of before there were digests part where their figures do", async () => {
    const old = await trained("old", { seed: 2 });
    const text = new TextDecoder().decode(await old.read("history.jsonl"));
    const without = text.replaceAll(/,"weightsDigest":"[0-9a-f]{64}"/g, "");
    await old.write("history.jsonl", new TextEncoder().encode(without));
    await old.remove("receipt.json");
    const { parting, dataCompared } = await diff(old);
    assert.deepEqual([parting, dataCompared], [{ epoch: 1, by: "figures" }, false]);
  });

  it("are asked for where there is one alone", async () => {
    await assert.rejects(diff(memoryStore("nowhere")), /There is no run at nowhere/);
  });
});
