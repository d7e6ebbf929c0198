import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { HeddleError, UsageError } from "../core/errors.js";
import { chainOf, graphConfig } from "../core/graph/index.js";
import { modelDefinitions } from "../core/models/index.js";
import { adam } from "../core/optimizers/index.js";
import { dynamicDecay } from "../core/schedules/index.js";
import type { EpochRecord } from "../core/training/events.js";
import { diskStore } from "../node/disk-store.js";
import { listRuns } from "./list-runs.js";
import { makeNamedStore, makeRunStore, requireFree } from "./new-run.js";
import type { RunConfig } from "./run-config.js";
import { RunFolder } from "./run-folder.js";

const config: RunConfig = {
  model: "lenet",
  data: "fashion-mnist",
  epochs: 3,
  batchSize: 128,
  optimizer: adam(),
  schedule: dynamicDecay({ learningRate: 0.001 }).config,
  labelSmoothing: 0,
  augmentation: { flip: true, shift: 2, rotate: 0, zoom: 0, erase: 0 },
  seed: 1,
  splitSeed: 1,
  limit: null,
  portable: false,
  ownData: false,
  arithmeticVersion: 1,
};

const inputShape = [28, 28, 1];
const graph = chainOf(modelDefinitions.lenet.layers(inputShape, 10), inputShape);
/** As it is written now. */
const layered: RunConfig = { ...config, layers: graphConfig(graph), inputShape };

/** A new run in a folder. */
async function create(path: string): Promise<RunFolder> {
  const store = diskStore(path);
  await makeRunStore(store);
  return new RunFolder(store);
}

const open = (path: string): Promise<RunFolder> => RunFolder.open(diskStore(path));

const record = (epoch: number, validationAccuracy: number): EpochRecord => ({
  epoch,
  trainLoss: 1 / epoch,
  trainAccuracy: 0.5,
  validationLoss: 0.5,
  validationAccuracy,
  learningRate: 0.001,
  seconds: 2,
});

describe("run folder", () => {
  let parent: string;
  let path: string;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  beforeEach(() => {
    path = join(parent, `case-${number++}`, "run");
  });
  after(() => rm(parent, { recursive: true }));

  const fails = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof HeddleError);
      assert.ok(!(error instanceof UsageError));
      assert.match(error.message, message);
      return true;
    });

  it("reads what heddle 0.1 wrote: a model by name with its dropout, of the first arithmetic", async () => {
    const written = await create(path);
    const { ownData: _, arithmeticVersion: __, ...before } = config;
    await writeFile(join(path, "config.json"), JSON.stringify(before));
    assert.deepEqual(await written.readConfig(), { ...config, dropout: true });
  });

  it("gives back what was written", async () => {
    const written = await create(path);
    await written.writeConfig(layered);
    await written.addEpoch(record(1, 0.7));
    await written.addEpoch(record(2, 0.8));
    await written.writeWeights("best", Uint8Array.of(1, 2, 3));
    const read = await open(path);
    assert.deepEqual(await read.readConfig(), layered);
    assert.deepEqual(await read.readHistory(), [record(1, 0.7), record(2, 0.8)]);
    assert.deepEqual([...(await read.readWeights("best")).bytes], [1, 2, 3]);
    assert.equal(await read.readEvaluation(), undefined);
    assert.deepEqual((await readdir(path)).sort(), ["best.safetensors", "config.json", "history.jsonl"]);
    const lines = (await readFile(join(path, "history.jsonl"), "utf8")).trimEnd().split("\n");
    assert.equal(lines.length, 2);
  });

  it("is named by UTC time and model, and never takes a name twice", async () => {
    const now = new Date("2026-03-04T05:06:07.890Z");
    const first = await makeNamedStore(diskStore(path), "lenet", now);
    const second = await makeNamedStore(diskStore(path), "lenet", now);
    assert.equal(first.where, join(path, "2026-03-04T05-06-07Z-lenet"));
    assert.equal(second.where, join(path, "2026-03-04T05-06-07Z-lenet-2"));
  });

  it("is given another name to each of many that begin in the same second", async () => {
    const now = new Date("2026-03-04T05:06:07.890Z");
    const folders = await Promise.all(
      Array.from({ length: 8 }, () => makeNamedStore(diskStore(path), "cnn", now)),
    );
    assert.equal(new Set(folders.map((folder) => folder.where)).size, 8);
    assert.equal((await readdir(path)).length, 8);
  });

  it("takes over a folder in which a run was cut off before its configuration, and says so", async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "run.lock"), "");
    await writeFile(join(path, ".config.json.0123abcd.tmp"), "{");
    await requireFree(diskStore(path));
    const folder = await create(path);
    await fails(
      folder.readConfig(),
      /has no config\.json, for it was cut off before training began\. .* a new run may be trained in this folder/,
    );
  });

  it("is never made over a folder or file that exists", async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "notes.txt"), "");
    const message = /run exists already, and a run is never written over\. Choose another folder, or/;
    await fails(create(path), message);
    await fails(requireFree(diskStore(path)), message);
    const file = join(parent, "a-file");
    await writeFile(file, "");
    await fails(create(file), /a-file exists already/);
  });

  it("says where it can't be made", async () => {
    const file = join(parent, "not-a-folder");
    await writeFile(file, "");
    await fails(create(join(file, "run")), /not-a-folder is a file, so no run can be kept in it/);
  });

  it("says that there is no run, or that it is a file", async () => {
    await fails(open(path), /There is no run at .*: it does not exist\./);
    const file = join(parent, "some-file");
    await writeFile(file, "");
    await fails(open(file), /some-file is a file; a run is a folder/);
  });

  const configs: [string, string | undefined, RegExp][] = [
    ["none", undefined, /is not a whole run: it has no config\.json/],
    ["half of one", '{"model": "len', /config\.json is not JSON: it was cut off/],
    ["an empty one", "", /config\.json is not JSON, it is empty/],
    ["another program's", '{"name": "x"}', /config\.json is not what heddle writes there \(model: /],
    ["an unknown model", JSON.stringify({ ...config, model: "vgg" }), /\(model: /],
    ["no layers", JSON.stringify({ ...layered, layers: [] }), /\(layers: /],
    [
      "layers that are no model",
      JSON.stringify({ ...layered, layers: layered.layers?.slice(0, 1).concat(layered.layers[0]) }),
      /not a run's configuration: .*C1.* is there twice/,
    ],
    ["no epochs", JSON.stringify({ ...config, epochs: 0 }), /\(epochs: /],
    [
      "an impossible optimizer",
      JSON.stringify({ ...config, optimizer: { name: "adam", beta1: 2 } }),
      /not a run's configuration: adam: beta1 must be .* but is 2/,
    ],
  ];
  for (const [what, text, message] of configs) {
    it(`refuses to read ${what} as its configuration`, async () => {
      const run = await create(path);
      if (text !== undefined) await writeFile(join(path, "config.json"), text);
      await fails(run.readConfig(), message);
    });
  }

  it("names the line of a history that is damaged", async () => {
    const run = await create(path);
    await writeFile(join(path, "history.jsonl"), `${JSON.stringify(record(1, 0.5))}\n{"epoch": 2`);
    await fails(run.readHistory(), /history\.jsonl, line 2, is not JSON/);
  });

  it("says why there are no such weights", async () => {
    const run = await create(path);
    await fails(run.readWeights("best"), /has no best\.safetensors: no epoch of it ended/);
    await fails(run.readWeights("interrupted"), /it was not interrupted\. Take its best weights/);
    await run.addEpoch(record(1, 0.5));
    await fails(run.readWeights("best"), /has no best\.safetensors: the file was deleted\. Put it back/);
  });

  it("is listed with its figures, or with what is wrong", async () => {
    const runs = join(path, "runs");
    const good = await create(join(runs, "b"));
    await good.writeConfig(config);
    for (const [index, accuracy] of [0.7, 0.9, 0.8].entries())
      await good.addEpoch(record(index + 1, accuracy));
    await create(join(runs, "a"));
    const [broken, { settings, ...listed }] = await listRuns(diskStore(runs));
    assert.deepEqual(settings?.optimizer, config.optimizer);
    assert.ok(settings && !("layers" in settings) && !("data" in settings));
    assert.match(broken.problem ?? "", /it has no config\.json/);
    assert.deepEqual(listed, {
      folder: join(runs, "b"),
      startedAt: undefined,
      model: "lenet",
      data: "fashion-mnist",
      epochsDone: 3,
      epochs: 3,
      bestValidationAccuracy: 0.9,
      testAccuracy: undefined,
      seconds: 6,
    });
    assert.deepEqual(await listRuns(diskStore(join(path, "nowhere"))), []);
    for (const name of ["environment.json", "evaluation.json"]) await writeFile(join(runs, "b", name), "{");
    const [, damaged] = await listRuns(diskStore(runs));
    assert.match(damaged.problem ?? "", /environment\.json is not JSON.*evaluation\.json is not JSON/);
    assert.equal(damaged.bestValidationAccuracy, 0.9);
    await rm(join(runs, "b", "history.jsonl"));
    await mkdir(join(runs, "b", "history.jsonl"));
    const [, unread] = await listRuns(diskStore(runs));
    assert.match(unread.problem ?? "", /history\.jsonl can't be read/);
    assert.deepEqual([unread.model, unread.epochsDone], ["lenet", 0]);
  });
});
