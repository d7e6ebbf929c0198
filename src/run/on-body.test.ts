import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../core/errors.js";
import { decodeModel, type ModelContents } from "../core/formats/index.js";
import { graphConfig, graphOf } from "../core/graph/index.js";
import { batchNorm, conv2d, dense, globalAveragePool2d, input } from "../core/layers/index.js";
import { tinyData, tinyShape } from "../core/training/testing/tiny-model.js";
import { initialWeights } from "../core/training/weights.js";
import type { FeatureCache, Features } from "../core/transfer/index.js";
import { evaluateRun } from "./evaluate-run.js";
import type { RunHost } from "./host.js";
import { memoryStore } from "./memory-store.js";
import { type OnBodyOptions, onBody } from "./on-body.js";
import { resumeRun } from "./resume-run.js";
import type { OnRunEvent } from "./run-options.js";
import type { Store } from "./store.js";
import { kept, readJson, tinyHost } from "./testing/runs.js";
import { trainRun } from "./train-run.js";
import { verifyReceipt, verifyRun } from "./verify/verify-run.js";

function trainedBody(): ModelContents {
  const images = input(tinyShape);
  const stem = conv2d({ name: "stem", filters: 8, kernelSize: 3, activation: "relu" })(images);
  const next = batchNorm({ name: "norm" })(conv2d({ name: "next", filters: 8, kernelSize: 1 })(stem));
  const graph = graphOf(images, dense({ name: "output", units: 7 })(globalAveragePool2d()(next)));
  return {
    layers: graphConfig(graph),
    inputShape: tinyShape,
    normalization: { mean: Array(tinyShape[2]).fill(0.25), deviation: Array(tinyShape[2]).fill(0.5) },
    classNames: Array.from({ length: 7 }, (_, label) => `${label}`),
    tensors: initialWeights(graph, 9),
  };
}

const body = trainedBody();

/** No choice, so that nothing is to be tried. */
const settings = (options: OnBodyOptions = {}, own = body) => ({
  model: onBody(own, { name: "tiny body", headSettings: [], ...options }),
  data: "tiny",
  epochs: 3,
  batchSize: 8,
  learningRate: 0.01,
  seed: 4,
  portable: true,
  threads: 1,
});

/** Keeps features in memory, and counts how often they were worked out. */
function keepingHost() {
  const all = new Map<string, Features>();
  const host: RunHost = {
    ...tinyHost,
    features: (name): FeatureCache => ({
      read: async () => all.get(name),
      write: async (features) => void all.set(name, features),
    }),
  };
  return { host, all };
}

async function tensorsOf(run: Store, file: string): Promise<Map<string, Float32Array>> {
  const { tensors } = decodeModel((await run.read(file))!, file);
  return new Map(tensors.map(({ name, data }) => [name, data]));
}

const before = new Map(body.tensors.map(({ name, data }) => [name, data]));

describe("a run on a body", () => {
  const { host, all } = keepingHost();

  it("begins with the body's weights, keeps its normalization, and says what it stands on", async () => {
    const run = memoryStore();
    const told: string[] = [];
    const onBeginning = ({ doing, done, count }: { doing: string; done: number; count: number }) =>
      told.push(`${doing} ${done} of ${count}`);
    const headSettings = [{ weightDecay: 1, dropoutRate: 0 }];
    const { evaluation } = await trainRun({ ...settings({ headSettings }), onBeginning }, { run }, host);
    assert.ok(told.at(0)?.startsWith("features"));
    assert.equal(told.at(-1), "head 5 of 5");
    const config = await readJson(run, "config.json");
    const record = config.body as { name: string; unfreeze: string; head: { trials: unknown[] } };
    assert.deepEqual([config.model, record.name, record.unfreeze], ["tiny body", "tiny body", "all"]);
    assert.equal(record.head.trials.length, 1);
    assert.deepEqual(config.parameterGroups, [
      { match: "classifier.*", learningRateFactor: 1, frozen: false },
      { match: "norm.*", learningRateFactor: 1, frozen: true },
      { match: "*", learningRateFactor: 0.3, frozen: false },
    ]);
    const first = await tensorsOf(run, "first.safetensors");
    const last = await tensorsOf(run, "last.safetensors");
    for (const [name, values] of before) {
      if (name.startsWith("output")) continue;
      assert.deepEqual(first.get(name), values);
      if (name.startsWith("norm.")) assert.deepEqual(last.get(name), values, name);
      else assert.notDeepEqual(last.get(name), values, name);
    }
    const { normalization } = decodeModel((await run.read("best.safetensors"))!, "best");
    assert.deepEqual(normalization, body.normalization);
    assert.deepEqual((await evaluateRun(run, { threads: 1 }, host)).evaluation, evaluation);
    assert.equal(all.size, 1);
    const { identical, compared } = await verifyRun(run, { epochs: 2 }, host);
    assert.deepEqual([identical, compared.weights], [true, 2]);
  });

  it("is repeated from a receipt with the weights that it began with, and no others", async () => {
    const run = memoryStore();
    await trainRun({ ...settings({ unfreeze: "none" }), epochs: 1 }, { run }, host);
    const text = new TextDecoder().decode(await run.read("receipt.json"));
    const verify = (first?: Uint8Array) => verifyReceipt({ text, name: "receipt.json" }, { first }, host);
    const first = await run.read("first.safetensors");
    assert.equal((await verify(first)).identical, true);
    await assert.rejects(verify(), /needs the weights that it began with, a head on the body "tiny body"/);
    const best = await run.read("best.safetensors");
    await assert.rejects(verify(best), /began with other weights: these have the SHA-256/);
  });

  it("trains the head alone where nothing is unfrozen, and takes features that are there", async () => {
    const run = memoryStore();
    const told = new Set<string>();
    const onBeginning = ({ doing }: { doing: string }) => told.add(doing);
    await trainRun({ ...settings({ unfreeze: "none" }), onBeginning }, { run }, host);
    assert.deepEqual([...told], ["head"]);
    const last = await tensorsOf(run, "last.safetensors");
    for (const [name, values] of before)
      if (!name.startsWith("output")) assert.deepEqual(last.get(name), values, name);
    assert.notDeepEqual(
      last.get("classifier.kernel"),
      (await tensorsOf(run, "first.safetensors")).get("classifier.kernel"),
    );
  });

  it("keeps a normalization that takes pixels as they are, where it was stopped as well, and ends with the same bytes", async () => {
    const normalization = { mean: [0, 0], deviation: [1, 1] };
    const plain = settings({}, { ...body, normalization });
    const whole = memoryStore("whole");
    await trainRun(plain, { run: whole }, host);
    assert.deepEqual(
      decodeModel((await whole.read("best.safetensors"))!, "best").normalization,
      normalization,
    );
    for (const stopAt of ["start", "epoch"] as const) {
      const stopped = memoryStore("stopped");
      const controller = new AbortController();
      const onEvent: OnRunEvent = ({ event }) => {
        if (event === stopAt) controller.abort();
      };
      await trainRun({ ...plain, onEvent, signal: controller.signal }, { run: stopped }, host);
      await resumeRun(stopped, { threads: 2 }, host);
      assert.deepEqual(await kept(stopped), await kept(whole), stopAt);
    }
  });

  it("trains its last layers, whatever groups come before and whatever they leave to its own", async () => {
    const run = memoryStore();
    const parameterGroups = [{ match: "classifier.*", learningRateFactor: 2 }, { match: "*.bias" }];
    await trainRun({ ...settings({ unfreeze: 2 }), epochs: 1, parameterGroups }, { run }, host);
    const groups = (await readJson(run, "config.json")).parameterGroups as { match: string }[];
    assert.deepEqual(
      groups.map(({ match }) => match),
      ["classifier.*", "*.bias", "norm.*", "stem.*", "next.*"],
    );
  });

  it("leaves what isn't unfrozen as it is, whatever groups name it", async () => {
    for (const [unfreeze, match] of [
      ["none", "*.bias"],
      ["all", "*"],
    ] as const) {
      const run = memoryStore();
      const parameterGroups = [{ match, learningRateFactor: 2 }];
      await trainRun({ ...settings({ unfreeze }), epochs: 1, parameterGroups }, { run }, host);
      const last = await tensorsOf(run, "last.safetensors");
      for (const [name, values] of before)
        if (name.startsWith("norm.") || (unfreeze === "none" && !name.startsWith("output")))
          assert.deepEqual(last.get(name), values, name);
      const groups = (await readJson(run, "config.json")).parameterGroups as { match: string }[];
      assert.deepEqual(
        groups.map(({ match }) => match),
        unfreeze === "none" ? ["stem.*", "next.*", match, "classifier.*", "*"] : ["norm.*", match],
      );
    }
    await assert.rejects(
      trainRun(
        { ...settings({ unfreeze: "none" }), parameterGroups: [{ match: "stem.*", learningRateFactor: 2 }] },
        { run: memoryStore() },
        host,
      ),
      /the parameter group of "stem\.\*" is of nothing but layers that are not unfrozen/,
    );
    const run = memoryStore();
    const frozen = [{ match: "stem.*", frozen: true }];
    await trainRun({ ...settings({ unfreeze: "none" }), epochs: 1, parameterGroups: frozen }, { run }, host);
  });

  it("keeps no features of images that nothing tells apart", async () => {
    const { host, all } = keepingHost();
    const { train } = tinyData;
    const size = train.images.length / train.count;
    const images = async function* (order: Uint32Array) {
      for (const index of order) yield train.images.subarray(index * size, (index + 1) * size);
    };
    const data = (fingerprint?: string) => ({
      ...tinyData,
      train: { count: train.count, labels: train.labels, images, fingerprint },
    });
    await trainRun({ ...settings(), data: data(), epochs: 1 }, { run: memoryStore() }, host);
    assert.equal(all.size, 0);
    await trainRun({ ...settings(), data: data("known"), epochs: 1 }, { run: memoryStore() }, host);
    assert.equal(all.size, 1);
  });

  it("says what can't be", async () => {
    assert.throws(() => onBody(body, { unfreeze: "some" as "all" }), UsageError);
    await assert.rejects(
      trainRun(settings({ unfreeze: 9 }), { run: memoryStore() }, host),
      (error) =>
        error instanceof HeddleError && /has 2 layers with kernels, and the last 9/.test(error.message),
    );
    const run = memoryStore();
    const controller = new AbortController();
    const onBeginning = () => controller.abort(new Error("stopped before it began"));
    await assert.rejects(
      trainRun({ ...settings(), onBeginning, signal: controller.signal }, { run }, tinyHost),
      /stopped before it began/,
    );
    assert.deepEqual((await run.list()) ?? [], []);
  });
});
