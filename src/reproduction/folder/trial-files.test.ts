import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { arithmeticVersion } from "../../core/arithmetic.js";
import { HeddleError } from "../../core/errors.js";
import { evaluate } from "../../core/metrics/evaluation.js";
import { describeEnvironment } from "../../node/environment.js";
import { heddleVersion } from "../../node/version.js";
import type { RunPredictions } from "../../run/run-record.js";
import { arithmeticSince } from "../paper/arithmetic.js";
import { type PaperModel, paperModels } from "../paper/paper.js";
import { planTrials } from "../plan/plan.js";
import type { TrialRecord } from "../plan/trial.js";
import { tinyPlan } from "../testing/tiny.js";
import { checkRecords } from "./check-records.js";
import { readTrialPredictions, readTrialRecords, writeTrial } from "./trial-files.js";

const options = { ...tinyPlan, data: "data", epochs: 3, seeds: [1], limit: null };
const [plan] = planTrials(options).trials;

const predictions: RunPredictions = {
  probabilities: Float32Array.from([0.7, 0.3, 0.4, 0.6]),
  labels: Uint8Array.from([0, 0]),
};

const { roc: _, ...test } = evaluate(predictions.probabilities, predictions.labels, ["a", "b"]);

const record: TrialRecord = {
  id: plan.id,
  arithmeticVersion,
  config: plan.config,
  environment: {
    ...describeEnvironment(),
    startedAt: "2026-01-01T00:00:00.000Z",
    threads: 2,
    relaxedSimd: true,
    arenaBytes: 1,
  },
  outcome: "finished",
  history: [
    {
      epoch: 1,
      trainLoss: 1,
      trainAccuracy: 0.5,
      validationLoss: 1,
      validationAccuracy: 0.5,
      learningRate: 0.01,
      seconds: 3,
    },
  ],
  bestEpoch: 1,
  test,
  train: { accuracy: 0.5, loss: 1 },
};

describe("the files of a trial", () => {
  let parent: string;
  let folder: string;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
  });
  beforeEach(async () => {
    folder = join(parent, `case-${number++}`);
    await writeTrial(folder, record, predictions);
  });
  after(() => rm(parent, { recursive: true }));

  const file = (ending = ".json"): string => join(folder, "trials", `${plan.id}${ending}`);
  const edit = async (change: object): Promise<void> =>
    writeFile(file(), JSON.stringify({ ...JSON.parse(await readFile(file(), "utf8")), ...change }));
  const isHeddleError = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof HeddleError);
    assert.match(error.message, message);
    return true;
  };

  it("give back what was kept", async () => {
    assert.deepEqual(await readTrialRecords(folder), [record]);
    assert.deepEqual(await readTrialPredictions(folder, plan.id), predictions);
  });

  it("hold a diverged trial, and one that was stopped on the way", async () => {
    const { startedAt, threads, relaxedSimd, arenaBytes } = record.environment;
    const resumed = [
      { ...describeEnvironment(), startedAt, threads, relaxedSimd, arenaBytes, epochsDone: 1 },
    ];
    const diverged: TrialRecord = {
      ...record,
      environment: { ...record.environment, resumed },
      outcome: "diverged",
      message: "The loss is not finite.",
      history: [],
      bestEpoch: 0,
      test: null,
      train: null,
    };
    await writeTrial(folder, diverged, undefined);
    assert.deepEqual(await readTrialRecords(folder), [diverged]);
  });

  it("are of the first arithmetic where they don't say, as those of heddle 0.1", async () => {
    await edit({ arithmeticVersion: undefined });
    const [old] = await readTrialRecords(folder);
    assert.deepEqual(old, { ...record, arithmeticVersion: 1 });
  });

  it("may be of an earlier arithmetic where their model's bytes are the same since, and of no other", () => {
    const check = (model: PaperModel, version: number): void => {
      const changed = { ...record, arithmeticVersion: version, config: { ...record.config, model } };
      checkRecords(folder, new Map([[plan.id, changed]]), []);
    };
    for (const model of paperModels) {
      const since = arithmeticSince[model];
      assert.ok(since >= 1 && since <= arithmeticVersion);
      check(model, since);
      check(model, arithmeticVersion);
      for (const version of [since - 1, arithmeticVersion + 1])
        assert.throws(
          () => check(model, version),
          isHeddleError(
            new RegExp(
              `was trained with version ${version} of the arithmetic, and this heddle computes with version ${arithmeticVersion}, by which ${model}`,
            ),
          ),
        );
    }
  });

  it("are none where there is no folder", async () => {
    assert.deepEqual(await readTrialRecords(join(folder, "none")), []);
    assert.equal(await readTrialPredictions(folder, "none"), undefined);
  });

  it("have a line for each epoch, class, and row of the confusion matrix", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `class ${index}`);
    const labels = Uint8Array.from(names.keys());
    const { roc: _, ...whole } = evaluate(new Float32Array(100).fill(0.1), labels, names);
    await writeTrial(
      folder,
      { ...record, history: new Array(3).fill(record.history[0]), test: whole },
      predictions,
    );
    const lines = (await readFile(file(), "utf8")).split("\n").map((line) => line.trim());
    const count = (start: string): number => lines.filter((line) => line.startsWith(start)).length;
    assert.deepEqual([count('{"epoch":'), count('{"name":"class'), count("[1,0,0,0,")], [3, 10, 10]);
  });

  const damages: [string, () => Promise<void>, RegExp][] = [
    [
      "cut off",
      () => writeFile(file(), '{"id"'),
      /is not JSON: it was cut off\. Put it back, or delete it and its trial is run again/,
    ],
    ["without a history", () => edit({ history: undefined }), /\(history: .*Put it back, or delete it/],
    [
      "of an impossible accuracy",
      () => edit({ train: { accuracy: 2, loss: 1 } }),
      /\(train\.accuracy: .*Put it back/,
    ],
    ["of another trial", () => edit({ id: "other" }), /is the record of another trial, other\. Put it back/],
    [
      "of an unknown optimizer",
      () => edit({ config: { ...record.config, optimizer: { name: "magic" } } }),
      /optimizer\.name: .*Put it back/,
    ],
  ];
  for (const [what, damage, message] of damages) {
    it(`refuse a record ${what}`, async () => {
      await damage();
      await assert.rejects(readTrialRecords(folder), isHeddleError(message));
    });
  }

  it("refuse damaged predictions", async () => {
    const place = file(".predictions.safetensors");
    const bytes = await readFile(place);
    await writeFile(place, bytes.subarray(0, bytes.length - 4));
    await assert.rejects(readTrialPredictions(folder, plan.id), isHeddleError(/is not a whole safetensors/));
  });

  describe("held against a plan", () => {
    const check = (changed: Partial<TrialRecord> = {}, planned = [plan]) =>
      checkRecords(folder, new Map([[plan.id, { ...record, ...changed }]]), planned);

    it("pass as they were planned, and where nothing is planned of them", () => {
      check();
      check({ config: { ...record.config, epochs: 9 } }, []);
    });

    it("are refused at the first other setting", () => {
      const config = { ...record.config, epochs: 9 };
      assert.throws(
        () => check({ config }),
        isHeddleError(/-seed1\.json was trained with epochs 9, and here it is 3: .*Give the same settings/),
      );
      const schedule = { ...record.config.schedule, learningRate: 0.5 };
      assert.throws(
        () => check({ config: { ...record.config, schedule } }),
        isHeddleError(/was trained with schedule\.learningRate 0\.5, and here it is 0\.01/),
      );
    });

    it("are refused from another version", () => {
      const environment = { ...record.environment, heddle: "0.0.9" };
      const message = new RegExp(`was made by heddle 0\\.0\\.9, and this is ${heddleVersion()}`);
      assert.throws(() => check({ environment }, []), isHeddleError(message));
    });

    it("are refused without their predictions", async () => {
      await rm(file(".predictions.safetensors"));
      assert.throws(() => check(), isHeddleError(/predictions\.safetensors is missing.*is run again/));
      check({ test: null });
    });
  });
});
