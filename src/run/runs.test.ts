import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { arithmeticVersion } from "../core/arithmetic.js";
import type { Dataset, DatasetInMemory } from "../core/data/dataset.js";
import { createNetwork } from "../core/engine/create.js";
import type { CreateNetwork, NetworkOptions } from "../core/engine/network.js";
import { HeddleError, UsageError } from "../core/errors.js";
import { decodeCheckpoint, encodeCheckpoint } from "../core/formats/checkpoint-file.js";
import { graphConfig, graphOf } from "../core/graph/index.js";
import { add, conv2d, dense, dropout, flatten, globalAveragePool2d, input } from "../core/layers/index.js";
import { modelDefinitions, withoutDropout } from "../core/models/index.js";
import { constant } from "../core/schedules/index.js";
import { tinyData, tinyModels, tinyShape } from "../core/training/testing/tiny-model.js";
import { diskStore } from "../node/disk-store.js";
import { nodePlatform } from "../node/platform.js";
import { evaluateRun } from "./evaluate-run.js";
import type { RunHost } from "./host.js";
import { listRuns } from "./list-runs.js";
import { memoryStore } from "./memory-store.js";
import { resumeRun } from "./resume-run.js";
import { RunError } from "./run-error.js";
import { RunFolder } from "./run-folder.js";
import type { GivenRunModel } from "./run-model.js";
import type { OnRunEvent } from "./run-options.js";
import { readRunRecord } from "./run-record.js";
import type { RunSettings } from "./run-settings.js";
import type { Store } from "./store.js";
import { kept, readJson, tinyHost, writeJson } from "./testing/runs.js";
import { trainRun } from "./train-run.js";

/** A skip, a tensor with two readers, dropout. */
function residual() {
  const x = input(tinyShape);
  const y = conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu" })(x);
  const z = add()([conv2d({ filters: 4, kernelSize: 3, padding: "same" })(y), y]);
  return graphOf(x, dense({ units: 3 })(dropout(0.2)(globalAveragePool2d()(z))));
}

const own = { name: "own", layers: () => [flatten(), dropout(0.1), dense({ units: 3 })] };

const settings = (model: GivenRunModel, data: string | Dataset = "tiny"): RunSettings => ({
  model,
  data,
  epochs: 3,
  batchSize: 8,
  learningRate: 0.01,
  augmentation: "flip",
  seed: 4,
  portable: true,
});

/** Trains until an epoch has ended, as one would who closes the page. */
async function trainUntil(
  epoch: number,
  run: Store,
  given: RunSettings,
  begin: (onEvent: OnRunEvent, signal: AbortSignal) => Promise<unknown> = (onEvent, signal) =>
    trainRun({ ...given, threads: 1, onEvent, signal }, { run }, tinyHost),
): Promise<void> {
  const controller = new AbortController();
  await begin((event) => {
    if (event.event === "epoch" && event.epoch === epoch) controller.abort();
  }, controller.signal);
}

const codeOf = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RunError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, words);
  assert.doesNotMatch(error.message, /--|`heddle/);
  return true;
};

const stores: readonly [string, (context: TestContext) => Promise<Store>][] = [
  ["in memory", async () => memoryStore("memory")],
  [
    "on disk",
    async (context) => {
      const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
      context.after(() => rm(folder, { recursive: true }));
      return diskStore(folder);
    },
  ],
];

for (const [where, storeFor] of stores) {
  describe(`a run ${where}`, () => {
    it("goes on after a stop to the bytes of one that never stopped, and is judged, listed and recorded", async (context) => {
      const runs = await storeFor(context);
      const [whole, stopped] = [runs.within("whole"), runs.within("stopped")];
      const given = settings(residual());
      const { evaluation, folder } = await trainRun({ ...given, threads: 1 }, { run: whole }, tinyHost);
      assert.equal(folder, whole.where);
      await trainUntil(2, stopped, given);
      const { end } = await resumeRun(stopped, { threads: 2 }, tinyHost);
      assert.equal(end.reason, "finished");
      assert.deepEqual(await kept(stopped), await kept(whole));
      const judged = await evaluateRun(stopped, { threads: 1 }, tinyHost);
      assert.deepEqual(judged.evaluation, evaluation);
      const listed = await listRuns(runs);
      assert.deepEqual(
        listed.map((run) => [run.folder, run.model, run.epochsDone, run.testAccuracy, run.problem]),
        [whole, stopped].map((run) => [run.where, "model", 3, evaluation?.accuracy, undefined]),
      );
      const record = await readRunRecord(whole, { name: "whole" }, tinyHost);
      assert.deepEqual(record.evaluation, evaluation);
      assert.equal(record.predictions?.probabilities.length, tinyData.test.count * 3);
    });

    it("is named by time and model among others, whatever that is called", async (context) => {
      const runs = await storeFor(context);
      const model = tinyModels(nodePlatform)({}, { name: "../My model: 3" });
      const place = { among: runs };
      const first = await trainRun({ ...settings(model), epochs: 1, threads: 1 }, place, tinyHost);
      assert.match(first.folder, /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ--My-model-3$/);
      const [listed] = await listRuns(runs);
      assert.equal(listed.model, "../My model: 3");
      await assert.rejects(
        trainRun(settings(model), { run: runs.within((await runs.list())![0].name) }, tinyHost),
        /exists already, and a run is never written over/,
      );
    });
  });
}

describe("a run that is stopped as it goes on", () => {
  const given = { ...settings(own), epochs: 9, learningRate: 0.5 };

  /** Stopped at a moment: what stands in its folder then as the weights of the moment, and of the last epoch. */
  async function stoppedAt(
    goOn: (run: Store, controller: AbortController) => Promise<unknown>,
  ): Promise<Record<"best" | "last" | "interrupted", string>> {
    const run = memoryStore();
    let worse = 0;
    const first = new AbortController();
    const onEvent: OnRunEvent = (event) => {
      if (event.event !== "epoch") return;
      worse = event.best ? 0 : event.epoch;
      if (worse > 1) first.abort();
    };
    await trainRun({ ...given, threads: 1, onEvent, signal: first.signal }, { run }, tinyHost);
    assert.ok(worse > 1, "its last epoch isn't its best");
    await run.remove("interrupted.safetensors");
    await goOn(run, new AbortController());
    const [best, last, interrupted] = await Promise.all(
      ["best", "last", "interrupted"].map(async (name) =>
        Buffer.from((await run.read(`${name}.safetensors`)) ?? []).toString("base64"),
      ),
    );
    assert.ok(best !== last);
    return { best, last, interrupted };
  }

  const moments: [string, (run: Store, controller: AbortController) => Promise<unknown>][] = [
    [
      "while its checkpoints are read",
      (run, controller) => {
        const read = (file: string) => {
          if (file === "checkpoint.safetensors") controller.abort();
          return run.read(file);
        };
        return resumeRun({ ...run, read }, { threads: 1, signal: controller.signal }, tinyHost);
      },
    ],
    [
      "when it is told of its checkpoint",
      (run, controller) => {
        const onCheckpoint = () => controller.abort();
        return resumeRun(run, { threads: 1, onCheckpoint, signal: controller.signal }, tinyHost);
      },
    ],
    [
      "while its threads start",
      (run, controller) => {
        const create = (options: NetworkOptions) => {
          controller.abort();
          return createNetwork(options);
        };
        const host = { ...tinyHost, createNetwork: create };
        return resumeRun(run, { threads: 1, signal: controller.signal }, host);
      },
    ],
    [
      "at its start",
      (run, controller) => {
        const onEvent: OnRunEvent = ({ event }) => {
          if (event === "start") controller.abort();
        };
        return resumeRun(run, { threads: 1, onEvent, signal: controller.signal }, tinyHost);
      },
    ],
  ];
  for (const [moment, goOn] of moments) {
    it(`keeps the weights of the moment, be it ${moment}`, async () => {
      const { best, last, interrupted } = await stoppedAt(goOn);
      assert.ok(interrupted !== best, "those of the best epoch");
      assert.ok(interrupted === last);
    });
  }
});

describe("what a run trains", () => {
  const configs: [string, GivenRunModel, object][] = [
    ["a graph", residual(), { model: "model", layers: graphConfig(residual()) }],
    ["a model", tinyModels(nodePlatform)({}, { name: "tiny" }), { model: "tiny" }],
    ["a definition of layers", own, { model: "own" }],
    [
      "a definition of a graph",
      { name: "skips", graph: residual },
      { model: "skips", layers: graphConfig(residual()) },
    ],
  ];
  for (const [what, model, expected] of configs) {
    it(`may be ${what}, which its configuration describes whole`, async () => {
      const run = memoryStore();
      await trainRun({ ...settings(model), epochs: 1, threads: 1 }, { run }, tinyHost);
      const config = await readJson(run, "config.json");
      assert.deepEqual({ ...config, ...expected }, config);
      assert.deepEqual(config.inputShape, tinyShape);
      assert.equal(config.arithmeticVersion, arithmeticVersion);
      assert.deepEqual(Object.keys(config).slice(0, 5), ["model", "layers", "inputShape", "data", "ownData"]);
    });
  }

  it("begins with the weights of the model's own seed where none is given", async () => {
    const make = tinyModels(nodePlatform);
    const weightsOf = async (model: GivenRunModel, seed?: number): Promise<string> => {
      const run = memoryStore();
      await trainRun({ ...settings(model), seed, epochs: 1, threads: 1 }, { run }, tinyHost);
      return (await kept(run))["last.safetensors"];
    };
    assert.equal(await weightsOf(make({}, { seed: 9 })), await weightsOf(make(), 9));
    assert.notEqual(await weightsOf(make()), await weightsOf(make(), 9));
  });

  it("is never a model that has learned something, which the run would lose", async () => {
    const learned = tinyModels(nodePlatform)({});
    await learned.fit(tinyData, { epochs: 1 });
    const other = tinyModels(nodePlatform)({}, { seed: 3 });
    await other.setWeights(await learned.getWeights());
    for (const model of [learned, other]) {
      await assert.rejects(trainRun(settings(model), { run: memoryStore() }, tinyHost), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /has learned others\. Give its layers alone, as model\.graph/);
        return true;
      });
      await model.dispose();
    }
    const forSeveral = tinyModels(nodePlatform)({ loss: "binaryCrossEntropy" });
    await assert.rejects(
      trainRun(settings(forSeveral), { run: memoryStore() }, tinyHost),
      /is trained by crossEntropy and .*, but the model "model" was compiled for binaryCrossEntropy/,
    );
    const run = memoryStore();
    await trainRun({ ...settings(learned.graph), epochs: 1, threads: 1 }, { run }, tinyHost);
    assert.ok(await run.read("evaluation.json"));
  });

  const refusals: [string, object, RegExp][] = [
    ["an unknown name", { model: "propose" }, /trainRun: model must be one of .* Did you mean "proposed"\?/],
    ["no model", { model: 3 }, /trainRun: model must be .*, or a model such as sequential/],
    ["layers", { model: [flatten(), dense({ units: 3 })] }, /trainRun: model must be .*, or its graph/],
    ["an unknown option", { epoch: 3 }, /trainRun has no option "epoch"\. Did you mean epochs\?/],
    ["half a data set", { data: { name: "x", train: tinyData.train } }, /trainRun: data must be/],
    [
      "labels of no class",
      { data: { ...tinyData, test: { ...tinyData.test, labels: new Uint8Array(12).fill(3) } } },
      /trainRun: data\.test: label 3 \(of image 0\) is out of range/,
    ],
    ["two rates", { schedule: "dynamic" }, /got both a learningRate and a schedule/],
    [
      "a schedule made by hand",
      { learningRate: undefined, schedule: { config: { name: "mine" }, learningRate: () => 1 } },
      /^trainRun got a schedule of one's own making, which no run can keep: \{"name":"mine"\} has other/,
    ],
    [
      "a schedule that is not its config's",
      { learningRate: undefined, schedule: { ...constant(), learningRate: () => 1 } },
      /which no run can keep: \{"name":"constant",/,
    ],
    [
      "a graph of nothing",
      { model: { name: "mine", graph: () => 3 } },
      /The graph of "mine" must be what graphOf/,
    ],
    ["a model for other images", { model: modelDefinitions.lenet }, /C2|M1|M2|too small|smaller/],
  ];
  for (const [what, wrong, words] of refusals) {
    it(`is refused with ${what}, before anything is kept`, async () => {
      const run = memoryStore();
      const given = { ...settings(own), ...wrong } as RunSettings;
      await assert.rejects(trainRun(given, { run }, tinyHost), (error) => {
        assert.ok(error instanceof HeddleError, String(error));
        assert.match(error.message, words);
        return true;
      });
      assert.equal(await run.list(), undefined);
    });
  }
});

describe("a run on networks of another kind", () => {
  it("is trained, gone on with and judged on them, and noted as theirs", async () => {
    let made = 0;
    const host = (fuses: boolean): RunHost => {
      const make: CreateNetwork = (options) => {
        made++;
        return createNetwork(options);
      };
      return { ...tinyHost, createNetwork: Object.assign(make, { fusesMultiplyAdd: () => fuses }) };
    };
    const given = { ...settings(own), portable: false };
    for (const fuses of [true, false]) {
      const run = memoryStore();
      made = 0;
      await trainUntil(1, run, given, (onEvent, signal) =>
        trainRun({ ...given, threads: 1, onEvent, signal }, { run }, host(fuses)),
      );
      assert.equal(made, 1);
      const file = "checkpoint.safetensors";
      assert.equal(decodeCheckpoint((await run.read(file))!, file).settings.fusedMultiplyAdd, fuses);
      await assert.rejects(
        resumeRun(run, { threads: 1 }, host(!fuses)),
        new RegExp(`its fusedMultiplyAdd is ${fuses}, here it is ${!fuses}`),
      );
      await resumeRun(run, { threads: 1 }, host(fuses));
      assert.equal(made, 2);
      await evaluateRun(run, { threads: 1 }, host(fuses));
      assert.equal(made, 3);
    }
  });
});

describe("a run on images that a program hands over", () => {
  it("goes on, is judged and recorded where they are handed over again, and says so where not", async () => {
    const [whole, stopped] = [memoryStore("whole"), memoryStore("stopped")];
    const given = settings(own, { ...tinyData, name: "mine" });
    await trainRun({ ...given, threads: 1 }, { run: whole }, tinyHost);
    await trainUntil(1, stopped, given);
    const needed = codeOf(
      "imagesNeeded",
      /stopped was trained on images that a program handed over, called "mine"/,
    );
    await assert.rejects(resumeRun(stopped, {}, tinyHost), needed);
    await resumeRun(stopped, { dataset: tinyData, threads: 1 }, tinyHost);
    assert.deepEqual(await kept(stopped), await kept(whole));
    await assert.rejects(evaluateRun(stopped, {}, tinyHost), needed);
    const { evaluation } = await evaluateRun(stopped, { dataset: tinyData, threads: 1 }, tinyHost);
    const record = await readRunRecord(stopped, { name: "stopped" }, tinyHost);
    const { roc: _, ...figures } = evaluation;
    assert.deepEqual(record.evaluation, figures);
    assert.equal(record.predictions, undefined);
  });

  it("is listed with no judgement that was of other weights than it will end with", async () => {
    const runs = memoryStore("runs");
    const run = runs.within("stopped");
    await trainUntil(1, run, settings(own));
    await evaluateRun(run, { threads: 1 }, tinyHost);
    const tested = async (): Promise<number | undefined> => (await listRuns(runs))[0].testAccuracy;
    assert.equal(await tested(), undefined);
    const { evaluation } = await resumeRun(run, { threads: 1 }, tinyHost);
    assert.equal(await tested(), evaluation?.accuracy);
  });

  it("is judged on other test images by their name alone: its judgement stays", async () => {
    const run = memoryStore();
    await trainRun({ ...settings(own, tinyData), threads: 1 }, { run }, tinyHost);
    const before = await readJson(run, "evaluation.json");
    const test = { ...tinyData.test, images: tinyData.test.images.toReversed() };
    await assert.rejects(
      evaluateRun(run, { dataset: { ...tinyData, test }, threads: 1 }, tinyHost),
      codeOf("otherTestImages", /has other test images than when the run was judged/),
    );
    assert.deepEqual(await readJson(run, "evaluation.json"), before);
  });

  it("is not judged on other test images than it began with, where it was stopped", async () => {
    const run = memoryStore();
    await trainUntil(1, run, settings(own, tinyData));
    const test = { ...tinyData.test, images: tinyData.test.images.toReversed() };
    await assert.rejects(
      evaluateRun(run, { dataset: { ...tinyData, test }, threads: 1 }, tinyHost),
      codeOf("otherTestImages", /has other test images than when the run began \(there are \d+ as then, but/),
    );
    await evaluateRun(run, { dataset: tinyData, threads: 1 }, tinyHost);
  });

  it("keeps the judgement that it ended with, where an earlier one is late", async () => {
    const runs = memoryStore("runs");
    const run = runs.within("run");
    await trainUntil(1, run, settings(own));
    const host: RunHost = {
      ...tinyHost,
      // While it loads, the training goes on to its end.
      loadData: async (...given) => {
        await resumeRun(run, { threads: 1 }, tinyHost);
        return tinyHost.loadData(...given);
      },
    };
    const { unwritten, file } = await evaluateRun(run, { threads: 1 }, host);
    assert.match(unwritten?.message ?? "", /run\/best\.safetensors has changed since it was read/);
    assert.equal(file, undefined);
    const { evaluation } = await evaluateRun(run, { threads: 1 }, tinyHost);
    assert.equal((await listRuns(runs))[0].testAccuracy, evaluation.accuracy);
  });

  it("has test images, or isn't judged", async () => {
    const run = memoryStore();
    const test = { count: 0, images: new Uint8Array(0), labels: new Uint8Array(0) };
    const given = { ...settings(own, { ...tinyData, test }), threads: 1 };
    await assert.rejects(trainRun(given, { run }, tinyHost), {
      name: "UsageError",
      message: /has no test images, and a run is judged on them at its end\. Give some, or .*judge: false/,
    });
    assert.equal(await run.list(), undefined, "nothing was begun");
    const { end } = await trainRun({ ...given, judge: false }, { run }, tinyHost);
    assert.equal(end.reason, "finished");
  });

  it("is refused others", async () => {
    const run = memoryStore();
    await trainUntil(1, run, settings(own, tinyData));
    const train = { ...tinyData.train, images: tinyData.train.images.toReversed() };
    await assert.rejects(
      resumeRun(run, { dataset: { ...tinyData, train } }, tinyHost),
      / was written when other images trained: there are /,
    );
  });

  it("has the one class of each image, and says so of targets", async () => {
    const run = memoryStore();
    const targets = new Float32Array(tinyData.train.labels.length * 3).fill(1 / 3);
    const soft = {
      ...tinyData,
      train: { images: tinyData.train.images, targets },
    } as unknown as typeof tinyData;
    await assert.rejects(trainRun({ ...settings(own, soft), threads: 1 }, { run }, tinyHost), {
      name: "UsageError",
      message: /train has targets, but what is told of it goes by the one class of each image/,
    });
    assert.equal(await run.list(), undefined, "nothing was begun");
  });
});

describe("a run of another arithmetic", () => {
  it("is judged, listed and recorded, but never gone on with", async () => {
    const runs = memoryStore("runs");
    const [finished, stopped] = [runs.within("finished"), runs.within("stopped")];
    await trainRun({ ...settings(own), threads: 1 }, { run: finished }, tinyHost);
    await trainUntil(2, stopped, settings(own));
    for (const run of [finished, stopped]) {
      const config = await readJson(run, "config.json");
      await writeJson(run, "config.json", { ...config, arithmeticVersion: arithmeticVersion + 1 });
    }
    await assert.rejects(
      resumeRun(stopped, {}, tinyHost),
      codeOf(
        "otherArithmetic",
        new RegExp(
          `stopped is trained with version ${arithmeticVersion + 1} of the arithmetic, and this heddle computes with version ${arithmeticVersion}: .* can be judged and reported`,
        ),
      ),
    );
    await assert.rejects(resumeRun(finished, {}, tinyHost), codeOf("finished", /is finished: its 3 epochs/));
    const { evaluation } = await evaluateRun(finished, { threads: 1 }, tinyHost);
    const record = await readRunRecord(finished, { name: "finished" }, tinyHost);
    assert.deepEqual(record.evaluation, evaluation);
    assert.equal(record.config.arithmeticVersion, arithmeticVersion + 1);
    assert.equal((await readRunRecord(stopped, { name: "stopped" }, tinyHost)).history.length, 2);
    assert.equal((await listRuns(runs)).filter(({ problem }) => problem).length, 0);
  });

  it("is read with the judgement, and the predictions, that it kept where its weights are gone", async () => {
    const run = memoryStore("run");
    const { evaluation, predictions } = await trainRun({ ...settings(own), threads: 1 }, { run }, tinyHost);
    await run.remove("best.safetensors");
    const read = () => readRunRecord(run, { name: "run" }, tinyHost);
    const { roc: _, ...kept } = evaluation!;
    assert.deepEqual([(await read()).evaluation, (await read()).predictions], [kept, undefined]);
    await new RunFolder(run).writePredictions(predictions!);
    assert.deepEqual((await read()).predictions, predictions);
    await run.remove("evaluation.json");
    assert.match((await read()).unjudged ?? "", /best\.safetensors, are gone/);
  });

  it("may end without a look at the test images", async () => {
    const run = memoryStore("run");
    const given = { ...settings(own), threads: 1, judge: false };
    const { end, evaluation } = await trainRun(given, { run }, tinyHost);
    assert.deepEqual([end.reason, evaluation], ["finished", undefined]);
    const names = (await run.list())!.map(({ name }) => name).sort();
    const files = [
      "best.safetensors",
      "config.json",
      "environment.json",
      "history.jsonl",
      "images.json",
      "last.safetensors",
    ];
    assert.deepEqual(names, files);
    await assert.rejects(
      resumeRun(run, {}, tinyHost),
      codeOf(
        "finished",
        /is finished: its 3 epochs are done, and nothing was judged\. Its best weights can be/,
      ),
    );
    assert.equal((await evaluateRun(run, { threads: 1 }, tinyHost)).evaluation.n, tinyData.test.count);
  });

  it("keeps no judgement of weights that it trained on from", async () => {
    const run = memoryStore("run");
    await trainUntil(1, run, settings(own));
    for (const weights of ["best", "last"] as const)
      await evaluateRun(run, { threads: 1, weights }, tinyHost);
    const judged = async (): Promise<boolean> =>
      (await run.list())!.some(({ name }) => name.startsWith("evaluation"));
    assert.equal(await judged(), true);
    await resumeRun(run, { threads: 1, judge: false }, tinyHost);
    assert.equal(await judged(), false);
  });

  it("is known by its checkpoints too", async () => {
    const run = memoryStore();
    await trainUntil(2, run, settings(own));
    for (const file of ["checkpoint.safetensors", "checkpoint.previous.safetensors"]) {
      const checkpoint = decodeCheckpoint((await run.read(file))!, file);
      assert.equal(checkpoint.settings.arithmeticVersion, arithmeticVersion);
      const other = { ...checkpoint.settings, arithmeticVersion: 7 };
      await run.write(file, encodeCheckpoint({ ...checkpoint, settings: other }));
    }
    await assert.rejects(
      resumeRun(run, {}, tinyHost),
      /can't be gone on with\. .*was computed with version 7 of the arithmetic, and this heddle computes with version \d/,
    );
  });
});

describe("a run of heddle 0.1", () => {
  /** Its model by name, its checkpoints and configuration without an arithmetic or layers. */
  async function as01(run: Store, dropout: boolean): Promise<void> {
    const {
      layers: _,
      inputShape: __,
      ownData: ___,
      arithmeticVersion: ____,
      ...config
    } = await readJson(run, "config.json");
    await writeJson(run, "config.json", { ...config, dropout });
    for (const file of ["checkpoint.safetensors", "checkpoint.previous.safetensors"]) {
      const bytes = await run.read(file);
      if (!bytes) continue;
      const checkpoint = decodeCheckpoint(bytes, file);
      const { arithmeticVersion: _, ...settings } = checkpoint.settings;
      await run.write(file, encodeCheckpoint({ ...checkpoint, settings }));
    }
  }

  const host = { ...tinyHost, loadData: async () => large };
  /** Large enough for the library's models. */
  const large: DatasetInMemory = {
    name: "large",
    imageShape: [28, 28, 1],
    classNames: ["a", "b", "c"],
    train: {
      count: 30,
      images: new Uint8Array(30 * 784),
      labels: Uint8Array.from({ length: 30 }, (_, i) => i % 3),
    },
    test: {
      count: 6,
      images: new Uint8Array(6 * 784),
      labels: Uint8Array.from({ length: 6 }, (_, i) => i % 3),
    },
  };
  for (const image of large.train.images.keys()) large.train.images[image] = (image * 7) % 251;

  for (const dropout of [true, false]) {
    it(`is judged, with ${dropout ? "its" : "no"} dropout layers, and not gone on with`, async () => {
      const { cnn } = modelDefinitions;
      const given = { ...settings(dropout ? "cnn" : withoutDropout(cnn), "large"), epochs: 2 };
      const [whole, stopped] = [memoryStore("whole"), memoryStore("stopped")];
      await trainRun({ ...given, threads: 1 }, { run: whole }, host);
      await trainUntil(1, stopped, given, (onEvent, signal) =>
        trainRun({ ...given, threads: 1, onEvent, signal }, { run: stopped }, host),
      );
      const { evaluation } = await evaluateRun(whole, { threads: 1 }, host);
      await as01(whole, dropout);
      assert.deepEqual((await evaluateRun(whole, { threads: 1 }, host)).evaluation, evaluation);
      await as01(whole, !dropout);
      await assert.rejects(evaluateRun(whole, {}, host), /holds weights of another model than the run's cnn/);
      await as01(stopped, dropout);
      await assert.rejects(
        resumeRun(stopped, { threads: 1 }, host),
        codeOf("otherArithmetic", /is trained with version 1 of the arithmetic/),
      );
      assert.deepEqual((await (await RunFolder.open(stopped)).readConfig()).arithmeticVersion, 1);
    });
  }
});
