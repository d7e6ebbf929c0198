import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { HeddleError, UsageError } from "../core/errors.js";
import { dense, flatten } from "../core/layers/index.js";
import { tinyData } from "../core/training/testing/tiny-model.js";
import { diskStore } from "../node/disk-store.js";
import { loadDataset } from "../node/index.js";
import { nodeStudyHost } from "../node/study-host.js";
import { memoryStore } from "../run/memory-store.js";
import { type Store, StoreError } from "../run/store.js";
import { readJson, tinyHost, writeJson } from "../run/testing/runs.js";
import { threadShare } from "./run-trials.js";
import { planStudy, type RunStudyOptions, type StudyEvent } from "./study.js";
import {
  keptTrials,
  runTiny,
  type TinyResult,
  type TinyTrial,
  tinyOptions,
  tinyTrial,
  tinyTrials,
} from "./testing/tiny-study.js";
import { trialStore } from "./trial-folder.js";

const ids = tinyTrials.map(({ id }) => id);

/** The trials that trained, and after which epoch they began. */
const trained = ({ events }: TinyResult): [string, number][] =>
  events.flatMap((event): [string, number][] =>
    event.event === "training" && event.training.event === "start"
      ? [[event.trial.id, event.training.epochsDone ?? 0]]
      : [],
  );

const isEpoch = (event: StudyEvent<TinyTrial>, id: string, epoch: number): boolean =>
  event.event === "training" &&
  event.trial.id === id &&
  event.training.event === "epoch" &&
  event.training.epoch === epoch;

/** Runs until an event says to stop, as Ctrl-C would. */
async function runUntil(
  study: Store,
  stop: (event: StudyEvent<TinyTrial>) => boolean,
  options: Partial<RunStudyOptions<TinyTrial>> = {},
): Promise<TinyResult> {
  const controller = new AbortController();
  const onEvent = (event: StudyEvent<TinyTrial>): void => {
    if (stop(event)) controller.abort();
  };
  return runTiny(study, { ...options, signal: controller.signal, onEvent });
}

/** A plan of these trials, whatever is done. */
const planOf = (...trials: readonly TinyTrial[]) => ({ plan: () => ({ trials, undecided: [] }) });

const [first, second, third, fourth] = tinyTrials;

describe("a study", () => {
  let expected: Awaited<ReturnType<typeof keptTrials>>;
  const whole = memoryStore("whole");
  before(async () => {
    await runTiny(whole);
    expected = await keptTrials(whole);
  });

  it("keeps each trial as a run, with what it knows of it", async () => {
    assert.deepEqual(Object.keys(expected), [...ids].sort());
    const { records, events, stoppedAt } = await runTiny(whole);
    assert.deepEqual([events.map(({ event }) => event), stoppedAt], [["plan"], undefined]);
    const record = records.get(first.id)!;
    assert.deepEqual(record.factors, { learningRate: 0.01, seed: 1 });
    assert.deepEqual([record.outcome, record.history.length, record.test?.n], ["finished", 3, 12]);
    const best = Math.max(...record.history.map(({ validationAccuracy }) => validationAccuracy));
    assert.equal(record.history[record.bestEpoch - 1].validationAccuracy, best);
    assert.ok(record.train && record.train.accuracy > 0 && record.train.loss > 0);
    const files = (await trialStore(whole, first.id).list())!.map(({ name }) => name);
    assert.ok(files.includes("predictions.safetensors") && files.includes("receipt.json"));
  });

  it("says what is left, in epochs and, once one was seen, in seconds", async () => {
    const study = memoryStore();
    const { plan } = { plan: tinyOptions(study) };
    const open = await planStudy(plan, tinyHost);
    assert.deepEqual([open.epochsLeft, open.secondsLeft], [12, undefined]);
    await runUntil(study, (event) => isEpoch(event, second.id, 2));
    const { trials, epochsLeft, secondsLeft } = await planStudy(plan, tinyHost);
    assert.deepEqual(
      trials.map(({ state, epochsDone }) => [state, epochsDone]),
      [
        ["done", 3],
        ["begun", 2],
        ["open", 0],
        ["open", 0],
      ],
    );
    assert.equal(epochsLeft, 7);
    assert.ok(secondsLeft !== undefined && secondsLeft > 0);
  });

  const moments: [string, (event: StudyEvent<TinyTrial>) => boolean, [string, number][]][] = [
    [
      "after an epoch",
      (event) => isEpoch(event, ids[2], 1),
      [
        [ids[2], 1],
        [ids[3], 0],
      ],
    ],
    ["after a trial's last epoch", (event) => isEpoch(event, ids[2], 3), [[ids[3], 0]]],
    [
      "between trials",
      (event) => event.event === "done" && event.record.id === ids[1],
      [
        [ids[2], 0],
        [ids[3], 0],
      ],
    ],
    ["before the first", (event) => event.event === "plan", ids.map((id) => [id, 0])],
  ];
  for (const [moment, stop, rest] of moments) {
    it(`that was stopped ${moment} goes on from there to the same end`, async () => {
      const study = memoryStore();
      assert.ok((await runUntil(study, stop)).stoppedAt);
      const started = trained(await runTiny(study));
      // One whose training was over is not begun again: only judged.
      assert.deepEqual(
        started.filter(([, epochs]) => epochs < 3),
        rest,
      );
      assert.deepEqual(await keptTrials(study), expected);
    });
  }

  it("goes on with a trial of which its own note was not written, by judging it again", async () => {
    const study = memoryStore();
    await runTiny(study);
    await trialStore(study, first.id).remove("trial.json");
    await trialStore(study, first.id).remove("predictions.safetensors");
    assert.deepEqual(trained(await runTiny(study)), []);
    assert.deepEqual(await keptTrials(study), expected);
  });

  it("lets one at a time work in its place", async () => {
    let refused: unknown;
    await runTiny(whole, {
      atEnd: async () => {
        refused = await runTiny(whole).catch((error: unknown) => error);
      },
    });
    assert.match(String(refused), /works in whole already/);
  });

  it("pauses a trial at the epoch that is asked for, and gives the same as if it hadn't", async () => {
    const study = memoryStore();
    const until = (epochs: number) => planOf({ ...first, until: epochs }, { ...second, until: 1 });
    const paused = await runTiny(study, until(1));
    assert.deepEqual(
      [...paused.records.values()].map(({ outcome, history, test, train }) => [
        outcome,
        history.length,
        test,
        train,
      ]),
      [
        ["paused", 1, null, null],
        ["paused", 1, null, null],
      ],
    );
    assert.equal(paused.progress.epochsLeft, 0);
    assert.deepEqual(trained(await runTiny(study, until(1))), []);
    // One that is cut off on its way to the next pause has come as far as the last one.
    const cut = await runUntil(study, (event) => isEpoch(event, first.id, 2), planOf(first));
    assert.deepEqual([cut.records.get(first.id)?.history.length, cut.progress.epochsLeft], [1, 1]);
    const ended = await runTiny(study, planOf(first));
    assert.equal(ended.records.get(first.id)?.outcome, "finished");
    assert.deepEqual((await keptTrials(study))[first.id], expected[first.id]);
  });

  it("looks at no test image where it is told not to, and drops weights that nobody wants", async () => {
    const study = memoryStore();
    const test = { ...tinyData.test, labels: tinyData.test.labels.map(() => 0) };
    const data = { dataset: { ...tinyData, test }, name: "tiny" };
    const options = { ...planOf(first), data, judging: { test: false }, keepsWeights: false };
    const { records } = await runTiny(study, options);
    assert.deepEqual([records.get(first.id)?.test, records.get(first.id)?.train], [null, null]);
    const files = (await trialStore(study, first.id).list())!.map(({ name }) => name).sort();
    assert.deepEqual(files, ["config.json", "environment.json", "history.jsonl", "trial.json"]);
    assert.deepEqual(trained(await runTiny(study, options)), []);
  });

  it("makes its plan of what is done", async () => {
    const study = memoryStore();
    const options: Partial<RunStudyOptions<TinyTrial>> = {
      plan: (records) =>
        records.has(first.id)
          ? { trials: [first, second], undecided: [] }
          : { trials: [first], undecided: [{ count: 1, like: second }] },
    };
    const { events } = await runTiny(study, options);
    const left = events.flatMap((event) => ("progress" in event ? [event.progress.epochsLeft] : []));
    assert.deepEqual(left, [6, 6, 3, 3, 0]);
  });

  describe("of which a trial", () => {
    const deep = { name: "deep", layers: () => [flatten(), dense({ units: 4 }), dense({ units: 3 })] };
    const wildly = { model: deep, optimizer: "sgd" } as const;
    const wild = tinyTrial(1e30, 1, {}, wildly);

    it("diverges keeps that for a result, without a judgement where no epoch ended", async () => {
      const study = memoryStore();
      const { records } = await runTiny(study, planOf(wild));
      const { outcome, message, history, bestEpoch, test, train } = records.get(wild.id)!;
      assert.match(message ?? "", /training diverged at a learning rate of 1e\+30/);
      assert.deepEqual(
        { outcome, history, bestEpoch, test, train },
        {
          outcome: "diverged",
          history: [],
          bestEpoch: 0,
          test: null,
          train: null,
        },
      );
      assert.deepEqual(trained(await runTiny(study, planOf(wild))), []);
    });

    it("diverges later judges its last good weights", async () => {
      // A tiny rate at the first step, an impossible one at the second: the second epoch's only one.
      const schedule = { name: "one-cycle", learningRate: 1e30, startDivisor: 1e33, peakAt: 0.9 } as const;
      const settings = { ...wildly, schedule, learningRate: undefined, batchSize: undefined };
      const late = tinyTrial(1, 1, { keepsPredictions: true }, settings);
      const { records } = await runTiny(memoryStore(), planOf(late));
      const record = records.get(late.id)!;
      assert.equal(record.outcome, "diverged");
      assert.ok(record.history.length > 0 && record.bestEpoch > 0);
      assert.ok(record.test?.n === 12 && record.train);
    });

    const poisoned = tinyTrial(0.01, 9, {}, { batchSize: 1000 });

    it("fails stops it, and the others are kept", async () => {
      const study = memoryStore("study");
      await assert.rejects(
        runTiny(study, planOf(first, poisoned, second)),
        (error) =>
          error instanceof HeddleError &&
          /batch size is 1000, but .* The trials that ended are kept in study\/trials\./.test(error.message),
      );
      const { trials } = await planStudy({ ...tinyOptions(study), ...planOf(first, poisoned) }, tinyHost);
      assert.deepEqual(
        trials.map(({ state }) => state),
        ["done", "open"],
      );
    });

    it("fails may be set aside with its error, for good", async () => {
      const study = memoryStore();
      const options = { ...planOf(poisoned, first), onFailure: "set aside" } as const;
      const { failures, records, stoppedAt } = await runTiny(study, options);
      assert.match(failures.get(poisoned.id)?.message ?? "", /The batch size is 1000/);
      assert.deepEqual([[...records.keys()], stoppedAt], [[first.id], undefined]);
      const again = await runTiny(study, options);
      assert.deepEqual(trained(again), []);
      assert.deepEqual(again.failures, failures);
      assert.deepEqual(
        again.progress.trials.map(({ state }) => state),
        ["failed", "done"],
      );
    });

    it("fails after a pause counts no more, in this call as in the next", async () => {
      const study = memoryStore();
      const torn = async (): Promise<void> => {
        for (const name of ["checkpoint.safetensors", "checkpoint.previous.safetensors"])
          await trialStore(study, first.id).write(name, new TextEncoder().encode("torn"));
      };
      const paused = { ...first, until: 1 };
      const options: Partial<RunStudyOptions<TinyTrial>> = {
        plan: (records, failures) => ({
          trials: records.has(first.id) || failures.has(first.id) ? [first, second] : [paused, second],
          undecided: [],
        }),
        afterTrial: torn,
        onFailure: "set aside",
      };
      const { records, failures } = await runTiny(study, options);
      assert.deepEqual([[...records.keys()], [...failures.keys()]], [[second.id], [first.id]]);
      const again = await runTiny(study, options);
      assert.deepEqual([trained(again), again.records, again.failures], [[], records, failures]);
    });

    it("fails is tried again once other settings are planned for it", async () => {
      const study = memoryStore();
      const aside = { onFailure: "set aside" } as const;
      await runTiny(study, { ...planOf(poisoned, first), ...aside });
      const mended = tinyTrial(0.01, 9);
      assert.equal(mended.id, poisoned.id);
      const { trials } = await planStudy({ ...tinyOptions(study), ...planOf(mended, first) }, tinyHost);
      assert.deepEqual(
        trials.map(({ state }) => state),
        ["begun", "done"],
      );
      const again = await runTiny(study, { ...planOf(mended, first), ...aside });
      assert.deepEqual([trained(again), again.failures.size], [[[mended.id, 0]], 0]);
      assert.equal(again.records.get(mended.id)?.outcome, "finished");
    });

    it("fails for want of room ends it all the same: the others would fail too", async () => {
      const study = memoryStore("full");
      const full = (store: Store): Store => ({
        ...store,
        within: (name) => full(store.within(name)),
        write: async (file, content) => {
          if (file === "last.safetensors") throw new StoreError(`${store.place(file)} can't be written.`);
          return store.write(file, content);
        },
      });
      const options = { ...planOf(first, second), onFailure: "set aside" } as const;
      await assert.rejects(runTiny(full(study), options), /last\.safetensors can't be written\./);
      const { failures, records } = await runTiny(study, options);
      assert.deepEqual([failures.size, records.size], [0, 2]);
    });

    it("can't be gone on with says how to begin it anew", async () => {
      const study = memoryStore("study");
      await runUntil(study, (event) => isEpoch(event, first.id, 2));
      const anew = "To begin this trial anew, delete study/trials/rate-0\\.01-seed1\\.";
      const other = { ...first, settings: { ...first.settings, seed: 3 } };
      await assert.rejects(
        runTiny(study, planOf(other)),
        new RegExp(`was begun with seed 1, and here it is 3\\. ${anew}`),
      );
      const store = trialStore(study, first.id);
      for (const name of ["checkpoint.safetensors", "checkpoint.previous.safetensors"]) {
        await store.write(name, new TextEncoder().encode("torn"));
      }
      await assert.rejects(runTiny(study), new RegExp(`can't be gone on with\\..*${anew}`));
      await store.remove("config.json");
      await assert.rejects(
        runTiny(study),
        new RegExp(`is not a whole run: it has no config\\.json.*${anew}`),
      );
    });
  });

  describe("in threads beside each other", () => {
    it("shares them evenly, and gives the last ones more", () => {
      const begun = (threads: number, trainers: number, trials: number): number[] => {
        const shares: number[] = [];
        let free = threads;
        for (let trainer = 0; trainer < Math.min(trainers, trials); trainer++) {
          shares.push(threadShare(free, trainers - trainer, trials - trainer));
          free -= shares[trainer];
        }
        return shares;
      };
      assert.deepEqual(begun(8, 3, 9), [3, 3, 2]);
      assert.deepEqual(begun(2, 4, 9), [1, 1, 1, 1]);
      assert.deepEqual(begun(8, 3, 1), [8]);
      assert.deepEqual(begun(8, 4, 2), [4, 4]);
    });

    it("comes to the same, stopped and gone on with, and sets aside what fails", async () => {
      const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
      try {
        const study = diskStore(folder);
        const poisoned = tinyTrial(0.01, 9, {}, { batchSize: 1000 });
        const options = {
          ...planOf(poisoned, ...tinyTrials),
          parallel: 2,
          threads: 2,
          onFailure: "set aside",
        } as const;
        const controller = new AbortController();
        const onEvent = (event: StudyEvent<TinyTrial>): void => {
          if (isEpoch(event, third.id, 1)) controller.abort();
        };
        const stopped = await runTiny(
          study,
          { ...options, signal: controller.signal, onEvent },
          nodeStudyHost(),
        );
        assert.ok(stopped.stoppedAt);
        const { failures, stoppedAt } = await runTiny(study, options, nodeStudyHost());
        assert.deepEqual([[...failures.keys()], stoppedAt], [[poisoned.id], undefined]);
        const { [poisoned.id]: _, ...kept } = await keptTrials(study);
        assert.deepEqual(kept, expected);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it("loads images again that could not be loaded for another trial", async () => {
      const folder = await mkdtemp(join(tmpdir(), "heddle-test-"));
      try {
        const name = join(folder, "lines.csv");
        const rows = Array.from({ length: 60 }, (_, row) =>
          [row % 3, ...Array.from({ length: 36 }, (_, pixel) => (pixel % 3 === row % 3 ? 200 : row))].join(),
        );
        await writeFile(name, rows.join("\n"));
        const { dataset } = await loadDataset(name);
        await rm(name);
        // What isn't in memory is loaded by each thread.
        const images = (): never => assert.fail("it isn't asked for images here");
        const options = {
          ...planOf(...tinyTrials),
          data: { name, dataset: { ...dataset, train: { ...dataset.train, images } } },
          parallel: 2,
          threads: 2,
          onFailure: "set aside",
        } as const;
        const onEvent = (event: StudyEvent<TinyTrial>): void => {
          if (event.event === "failed") writeFileSync(name, rows.join("\n"));
        };
        const study = diskStore(join(folder, "study"));
        const { failures, records } = await runTiny(study, { ...options, onEvent }, nodeStudyHost());
        // Whichever thread was first.
        assert.match([...failures.values()][0]?.message ?? "", /lines\.csv/);
        assert.deepEqual([records.has(third.id), records.has(fourth.id)], [true, true]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  it("refuses names that are no folder's, or another trial's", async () => {
    const named = (...names: string[]) => planOf(...names.map((id) => ({ ...first, id })));
    for (const [names, message] of [
      [["../up"], /is called "\.\.\/up": expected a folder's name/],
      [[".hidden"], /expected a folder's name/],
      [["a", "a"], /Two trials are called a/],
    ] as const) {
      await assert.rejects(
        planStudy({ ...tinyOptions(memoryStore()), ...named(...names) }, tinyHost),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    }
  });

  describe("reading a trial", () => {
    const damages: [string, (store: Store) => Promise<void>, RegExp][] = [
      [
        "cut off",
        (store) => store.write("trial.json", new TextEncoder().encode("{")),
        /trial\.json is not JSON: it was cut off/,
      ],
      [
        "of an impossible figure",
        async (store) =>
          writeJson(store, "trial.json", {
            ...(await readJson(store, "trial.json")),
            train: { accuracy: 2, loss: 1 },
          }),
        /\(train\.accuracy: /,
      ],
      [
        "whose history is cut",
        (store) => store.write("history.jsonl", new Uint8Array()),
        /has 0 of the 3 epochs that were trained/,
      ],
      ["without its environment", (store) => store.remove("environment.json"), /has no environment\.json/],
      ["without its configuration", (store) => store.remove("config.json"), /no config\.json/],
    ];
    for (const [what, damage, message] of damages) {
      it(`refuses one ${what}`, async () => {
        const study = memoryStore("study");
        await runTiny(study, planOf(first));
        await damage(trialStore(study, first.id));
        await assert.rejects(runTiny(study, planOf(first)), (error) => {
          assert.ok(error instanceof HeddleError);
          assert.match(error.message, message);
          assert.match(
            error.message,
            /Put it back, or delete study\/trials\/rate-0\.01-seed1 and the trial is run again\./,
          );
          return true;
        });
      });
    }
  });
});
