import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { HeddleError } from "../../core/errors.js";
import { decodeCheckpoint, encodeCheckpoint } from "../../core/formats/checkpoint-file.js";
import { sgd } from "../../core/optimizers/index.js";
import { constant, oneCycle } from "../../core/schedules/index.js";
import { readTrialPredictions, readTrialRecords } from "../folder/trial-files.js";
import type { Protocol } from "../plan/protocol.js";
import { keptTrials, tinyPlan, tinyProtocol, writeTinyData } from "../testing/tiny.js";
import {
  planReproduction,
  type ReproduceOptions,
  type ReproductionEvent,
  type ReproductionResult,
  reproduce,
} from "./reproduce.js";

const ids = ["tiny-cnn-128-seed1", "tiny-cnn-128-seed2", "tiny-cnn-64-seed1", "tiny-cnn-64-seed2"];

describe("a reproduction", () => {
  let parent: string;
  let data: string;
  let whole: string;
  let expected: Record<string, string>;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
    data = join(parent, "data");
    await writeTinyData(data);
    whole = join(parent, "whole");
    await run(whole);
    expected = await keptTrials(whole);
  });
  after(() => rm(parent, { recursive: true }));

  const newFolder = (): string => join(parent, `reproduction-${number++}`);

  /** Runs the tiny plan and gives what was told. */
  async function run(
    folder: string,
    options: Partial<ReproduceOptions> = {},
  ): Promise<ReproductionResult & { readonly events: readonly ReproductionEvent[] }> {
    const events: ReproductionEvent[] = [];
    const result = await reproduce({
      folder,
      plan: tinyPlan,
      data,
      threads: 1,
      ...options,
      onEvent: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
    });
    return { ...result, events };
  }

  /** Runs until an event says to stop, as Ctrl-C would. */
  async function runUntil(
    folder: string,
    stop: (event: ReproductionEvent) => boolean,
  ): ReturnType<typeof run> {
    const controller = new AbortController();
    return run(folder, {
      signal: controller.signal,
      onEvent: (event) => {
        if (stop(event)) controller.abort();
      },
    });
  }

  /** The trials that trained, and after which epoch they began. */
  const trained = (events: readonly ReproductionEvent[]): [string, number][] =>
    events.flatMap((event): [string, number][] =>
      event.event === "training" && event.training.event === "start"
        ? [[event.trial.id, event.training.epochsDone ?? 0]]
        : [],
    );

  const fails = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, message);
      return true;
    });

  describe("that went to its end", () => {
    it("keeps a record a trial, the predictions of batch 128, and no lock", async () => {
      assert.deepEqual(Object.keys(expected), [
        "tiny-cnn-128-seed1.json",
        "tiny-cnn-128-seed1.predictions.safetensors",
        "tiny-cnn-128-seed2.json",
        "tiny-cnn-128-seed2.predictions.safetensors",
        "tiny-cnn-64-seed1.json",
        "tiny-cnn-64-seed2.json",
      ]);
      assert.deepEqual((await readdir(whole)).sort(), ["reproduction.json", "runs", "trials"]);
    });

    it("judges the best epoch's weights on the test images and on those that trained them", async () => {
      for (const record of await readTrialRecords(whole)) {
        const { history, bestEpoch, test, train, config } = record;
        assert.equal(record.outcome, "finished");
        assert.equal(history.length, 3);
        assert.equal(config.data, "data");
        const best = Math.max(...history.map(({ validationAccuracy }) => validationAccuracy));
        assert.equal(history[bestEpoch - 1].validationAccuracy, best);
        assert.equal(test?.n, 40);
        assert.ok(test && !("roc" in test));
        assert.ok(train && train.accuracy > 0 && train.accuracy <= 1 && train.loss > 0);
        const evaluation = join(whole, "runs", record.id, "evaluation.json");
        const { roc: _, calibration: _found, ...judged } = JSON.parse(await readFile(evaluation, "utf8"));
        assert.deepEqual(test, judged);
      }
    });

    it("keeps predictions that the record's figures follow from", async () => {
      const predictions = await readTrialPredictions(whole, ids[0]);
      const [record] = await readTrialRecords(whole);
      assert.ok(predictions);
      const { probabilities, labels } = predictions;
      const right = labels.filter((label, image) => {
        const row = [...probabilities.subarray(4 * image, 4 * image + 4)];
        return row.indexOf(Math.max(...row)) === label;
      });
      assert.equal(right.length / labels.length, record.test?.accuracy);
      assert.equal(await readTrialPredictions(whole, ids[2]), undefined);
    });

    it("runs nothing again, and makes its pages anew", async () => {
      const made: string[] = [];
      const { events, stoppedAt, progress } = await run(whole, {
        writeOutputs: async (folder) => void made.push(folder),
      });
      assert.deepEqual(
        events.map(({ event }) => event),
        ["plan"],
      );
      assert.equal(stoppedAt, undefined);
      assert.equal(progress.epochsLeft, 0);
      assert.deepEqual(made, [whole]);
      assert.deepEqual(await keptTrials(whole), expected);
    });

    it("goes on where its page can't be made, whatever the reason, and fails for it at the end", async () => {
      const messages: string[] = [];
      let tries = 0;
      const folder = newFolder();
      const work = run(folder, {
        writeOutputs: async () => {
          tries++;
          throw tries % 2 === 1 ? new TypeError("no such chart") : new HeddleError("The page is too large.");
        },
        onEvent: (event) => {
          if (event.event === "warning") messages.push(event.message);
        },
      });
      await assert.rejects(work, /The page is too large/);
      assert.equal(tries, ids.length);
      assert.deepEqual(messages, [
        "The page can't be made, and training goes on: no such chart",
        "The page can't be made, and training goes on: The page is too large.",
        "The page can't be made, and training goes on: no such chart",
      ]);
      assert.deepEqual(await keptTrials(folder), expected);
    });

    it("lets one at a time work in its folder", async () => {
      let tried = false;
      const writeOutputs = async (): Promise<void> => {
        tried = true;
        await fails(run(whole), /Process \d+ on .* works in .*whole already/);
      };
      await run(whole, { writeOutputs });
      assert.ok(tried);
    });

    it("takes the trials that another part needs too, and runs the others", async () => {
      const folder = newFolder();
      await cp(whole, folder, { recursive: true });
      const { events } = await run(folder, { plan: { ...tinyPlan, part: "table2" } });
      assert.deepEqual(trained(events), [
        ["tiny-lenet-128-seed1", 0],
        ["tiny-lenet-128-seed2", 0],
      ]);
    });
  });

  describe("that was stopped", () => {
    const isEpoch = (event: ReproductionEvent, id: string, epoch: number): boolean =>
      event.event === "training" &&
      event.trial.id === id &&
      event.training.event === "epoch" &&
      event.training.epoch === epoch;

    const moments: [string, (event: ReproductionEvent) => boolean, string, [string, number][]][] = [
      [
        "after an epoch",
        (event) => isEpoch(event, ids[1], 1),
        ids[1],
        [
          [ids[1], 1],
          [ids[2], 0],
          [ids[3], 0],
        ],
      ],
      [
        "within an epoch",
        (event) =>
          event.event === "training" &&
          event.trial.id === ids[2] &&
          event.training.event === "step" &&
          event.training.epoch === 3 &&
          event.training.step === 1,
        ids[2],
        [
          [ids[2], 2],
          [ids[3], 0],
        ],
      ],
      [
        "between two trials",
        (event) => event.event === "done" && event.record.id === ids[2],
        ids[3],
        [[ids[3], 0]],
      ],
      ["after the last epoch of a trial", (event) => isEpoch(event, ids[1], 3), ids[1], []],
    ];
    for (const [moment, stop, stoppedAt, rest] of moments) {
      it(`${moment} goes on from there to the same records`, async () => {
        const folder = newFolder();
        const stopped = await runUntil(folder, stop);
        assert.equal(stopped.stoppedAt?.id, stoppedAt);
        assert.equal(existsSync(join(folder, "reproduction.lock")), false);
        const { events } = await run(folder);
        if (rest.length > 0) assert.deepEqual(trained(events), rest);
        assert.deepEqual(await keptTrials(folder), expected);
      });
    }

    it("says in the plan how far each trial is and what is left", async () => {
      const folder = newFolder();
      await runUntil(folder, (event) => isEpoch(event, ids[1], 2));
      const { trials, epochsLeft, secondsLeft } = await planReproduction({ folder, plan: tinyPlan, data });
      assert.deepEqual(
        trials.map(({ state, epochsDone, epochsLeft: left }) => [state, epochsDone, left]),
        [
          ["done", 3, 0],
          ["begun", 2, 1],
          ["open", 0, 3],
          ["open", 0, 3],
        ],
      );
      assert.equal(epochsLeft, 7);
      assert.ok(secondsLeft !== undefined && secondsLeft > 0);
    });

    it("goes on elsewhere from the trials alone", async () => {
      const folder = newFolder();
      await runUntil(folder, (event) => event.event === "done" && event.record.id === ids[1]);
      const elsewhere = newFolder();
      await cp(join(folder, "trials"), join(elsewhere, "trials"), { recursive: true });
      const { events } = await run(elsewhere);
      assert.deepEqual(
        trained(events).map(([id]) => id),
        ids.slice(2),
      );
      assert.deepEqual(await keptTrials(elsewhere), expected);
    });

    it("may be shared out by seeds over two folders, whose trials come together in one", async () => {
      const [own, other] = [newFolder(), newFolder()];
      await run(own, { plan: { ...tinyPlan, seeds: [1] } });
      await run(other, { plan: { ...tinyPlan, seeds: [2] } });
      await cp(join(other, "trials"), join(own, "trials"), { recursive: true });
      assert.deepEqual(trained((await run(own)).events), []);
      assert.deepEqual(await keptTrials(own), expected);
    });

    it("judges a trial whose training had ended and whose record was not written", async () => {
      const folder = newFolder();
      await cp(whole, folder, { recursive: true });
      for (const name of [`${ids[0]}.json`, `${ids[0]}.predictions.safetensors`])
        await rm(join(folder, "trials", name));
      const { events } = await run(folder);
      assert.deepEqual(trained(events), []);
      assert.deepEqual(await keptTrials(folder), expected);
    });

    it("begins a trial anew of which nothing but a torn file is there", async () => {
      const folder = newFolder();
      const run1 = join(folder, "runs", ids[0]);
      await cp(join(whole, "trials"), join(folder, "trials"), { recursive: true });
      await rm(join(folder, "trials", `${ids[0]}.json`));
      await writeFile(join(folder, "reproduction.json"), await readFile(join(whole, "reproduction.json")));
      await mkdir(run1, { recursive: true });
      await writeFile(join(run1, ".config.json.0123abcd.tmp"), "{");
      const { events } = await run(folder);
      assert.deepEqual(trained(events), [[ids[0], 0]]);
      assert.deepEqual(await keptTrials(folder), expected);
    });

    it("says how to mend a run that can't be gone on with", async () => {
      const folder = newFolder();
      await runUntil(folder, (event) => isEpoch(event, ids[0], 2));
      const begun = join(folder, "runs", ids[0]);
      const anew = `To begin this trial anew, delete ${begun}\\. The trials that ended are kept in ${folder}/trials`;
      await fails(
        run(folder, { plan: { ...tinyPlan, epochs: 4 } }),
        new RegExp(`${begun} was begun with epochs 3, and here it is 4\\. ${anew}`),
      );
      const checkpoints = (await readdir(begun))
        .filter((name) => name.startsWith("checkpoint"))
        .map((name) => join(begun, name));
      for (const file of checkpoints) {
        const { settings, ...checkpoint } = decodeCheckpoint(await readFile(file), file);
        const fusedMultiplyAdd = !settings.fusedMultiplyAdd;
        await writeFile(
          file,
          encodeCheckpoint({ ...checkpoint, settings: { ...settings, fusedMultiplyAdd } }),
        );
      }
      await fails(run(folder), new RegExp(`its fusedMultiplyAdd is (true|false), here it is .*${anew}`));
      for (const file of checkpoints) await writeFile(file, "torn");
      await fails(run(folder), new RegExp(`can't be gone on with\\..* is not a whole .*${anew}`));
      await rm(join(begun, "config.json"));
      await fails(run(folder), new RegExp(`is not a whole run: it has no config\\.json.*${anew}`));
      await rm(begun, { recursive: true });
      await run(folder);
      assert.deepEqual(await keptTrials(folder), expected);
    });
  });

  describe("of which a trial diverges", () => {
    const protocolOf = (name: string, settings: Partial<Protocol["settings"]>): Protocol => ({
      ...tinyProtocol,
      name,
      settings: { ...tinyProtocol.settings, optimizer: sgd(), ...settings },
    });
    const diverge = async (protocol: Protocol): Promise<string> => {
      const folder = newFolder();
      const plan = { ...tinyPlan, protocols: [protocol], batchSizes: [128], seeds: [1] };
      const { stoppedAt, events } = await run(folder, { plan });
      assert.equal(stoppedAt, undefined);
      assert.equal(trained(events).length, 1);
      assert.deepEqual(trained((await run(folder, { plan })).events), []);
      return folder;
    };

    it("keeps that for a result, without a judgement where no epoch ended", async () => {
      const schedule = constant({ learningRate: 1e30 }).config;
      const [record] = await readTrialRecords(await diverge(protocolOf("wild", { schedule })));
      assert.equal(record.outcome, "diverged");
      assert.match(record.message ?? "", /training diverged at a learning rate of 1e\+30/);
      assert.deepEqual([record.history, record.bestEpoch], [[], 0]);
      assert.deepEqual([record.test, record.train], [null, null]);
    });

    it("judges the last good weights where an epoch ended", async () => {
      // A tiny rate at the first step, an impossible one at the second: the second epoch's only one.
      const schedule = oneCycle({ learningRate: 1e30, startDivisor: 1e33, peakAt: 0.9 }).config;
      const folder = await diverge(protocolOf("late", { schedule }));
      const [record] = await readTrialRecords(folder);
      assert.equal(record.outcome, "diverged");
      assert.deepEqual([record.history.length, record.bestEpoch], [1, 1]);
      assert.equal(record.test?.n, 40);
      assert.ok(record.train);
      assert.equal((await readTrialPredictions(folder, record.id))?.labels.length, 40);
    });
  });
});
