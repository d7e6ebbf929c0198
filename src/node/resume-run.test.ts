import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { HeddleError } from "../core/errors.js";
import { decodeCheckpoint, encodeCheckpoint } from "../core/formats/checkpoint-file.js";
import { adam, muon, type OptimizerConfig, sgd } from "../core/optimizers/index.js";
import { constant, dynamicDecay } from "../core/schedules/index.js";
import type { ChosenCheckpoint } from "../run/checkpoints.js";
import type { TrainRunResult } from "../run/follow-run.js";
import type { OnRunEvent } from "../run/run-options.js";
import type { RunSettings } from "../run/run-settings.js";
import { withoutTestImages } from "../run/test-images.js";
import { loadDataset } from "./data/load.js";
import { writeColumnImages } from "./data/testing/column-images.js";
import { evaluateRun, resumeRun, trainRun } from "./runs.js";
import { verifyRun } from "./verify.js";

const epochs = 4;

describe("going on with a run", () => {
  let parent: string;
  let number = 0;
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "heddle-test-"));
    await writeColumnImages(join(parent, "data"), { seed: 1, train: 80, test: 20 });
  });
  after(() => rm(parent, { recursive: true }));

  const newFolder = (): string => join(parent, `run-${number++}`);

  /** Dropout, augmentation, and a last batch of 4 images after four of 15. */
  const settings = (optimizer: OptimizerConfig): RunSettings => ({
    model: "cnn",
    data: join(parent, "data"),
    epochs,
    batchSize: 15,
    optimizer,
    schedule: dynamicDecay({ learningRate: 0.01 }).config,
    labelSmoothing: 0.1,
    augmentation: "flip=alternate,shift=1,rotate=5,zoom=0.1,erase=0.5,reflect,crop=0.5-1,brightness,contrast",
    seed: 3,
    splitSeed: 1,
    limit: null,
    portable: false,
  });

  /** Trains until an event says to stop, as Ctrl-C would. */
  async function trainUntil(
    folder: string,
    optimizer: OptimizerConfig,
    stop: (event: Parameters<OnRunEvent>[0]) => boolean,
  ): Promise<TrainRunResult> {
    const controller = new AbortController();
    return trainRun({
      ...settings(optimizer),
      folder,
      threads: 2,
      signal: controller.signal,
      onEvent: (event) => {
        if (stop(event)) controller.abort();
      },
    });
  }

  const afterEpoch = (epoch: number) => (event: Parameters<OnRunEvent>[0]) =>
    event.event === "epoch" && event.epoch === epoch;

  async function contents(folder: string): Promise<Record<string, string>> {
    const read = async (file: string) => (await readFile(join(folder, file))).toString("hex");
    const history = await readFile(join(folder, "history.jsonl"), "utf8");
    return {
      best: await read("best.safetensors"),
      last: await read("last.safetensors"),
      evaluation: await read("evaluation.json"),
      history: history.replaceAll(/"seconds":[\d.e-]+/g, ""),
    };
  }

  const fails = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof HeddleError);
      assert.match(error.message, message);
      return true;
    });

  for (const [name, optimizer] of [
    ["Adam", adam()],
    ["SGD with momentum", sgd({ momentum: 0.9, nesterov: true })],
    ["Muon", muon()],
  ] as const) {
    describe(`with ${name}`, () => {
      let expected: Record<string, string>;
      before(async () => {
        const folder = newFolder();
        const { end } = await trainRun({ ...settings(optimizer), folder, threads: 1 });
        assert.equal(end.reason, "finished");
        expected = await contents(folder);
      });

      const stops: [string, (event: Parameters<OnRunEvent>[0]) => boolean, number][] = [
        ["in its first epoch", (event) => event.event === "step" && event.step === 3, 0],
        ["after its first epoch", afterEpoch(1), 1],
        ["after its third", afterEpoch(3), 3],
        ["within its third", (event) => event.event === "step" && event.epoch === 3 && event.step === 2, 2],
      ];
      for (const [when, stop, epochsDone] of stops) {
        it(`ends in the same bytes after a stop ${when}`, async () => {
          const folder = newFolder();
          const stopped = await trainUntil(folder, optimizer, stop);
          assert.equal(stopped.end.reason, "aborted");
          let chosen: ChosenCheckpoint | undefined;
          const onCheckpoint = (found: ChosenCheckpoint | undefined) => {
            chosen = found;
          };
          const result = await resumeRun({ folder, threads: 1, onCheckpoint });
          assert.equal(chosen?.checkpoint.position.epochsDone ?? 0, epochsDone);
          assert.equal(result.history.length, epochs);
          assert.equal(result.end.stepsDone, epochs * 5);
          assert.deepEqual(await contents(folder), expected);
        });
      }

      it("ends in the same bytes after a stop a time, on other numbers of threads", async () => {
        const folder = newFolder();
        await trainUntil(folder, optimizer, afterEpoch(1));
        for (const threads of [3, 1]) {
          const controller = new AbortController();
          await resumeRun({
            folder,
            threads,
            signal: controller.signal,
            onEvent: ({ event }) => {
              if (event === "epoch") controller.abort();
            },
          });
        }
        await resumeRun({ folder, threads: 2 });
        assert.deepEqual(await contents(folder), expected);
        const { resumed } = JSON.parse(await readFile(join(folder, "environment.json"), "utf8"));
        assert.deepEqual(
          resumed.map(({ epochsDone, threads }: Record<string, unknown>) => [epochsDone, threads]),
          [
            [1, 3],
            [2, 1],
            [3, 2],
          ],
        );
      });
    });
  }

  describe("whose files are not as they were left", () => {
    let expected: Record<string, string>;
    let stopped: string;
    before(async () => {
      const whole = newFolder();
      await trainRun({ ...settings(adam()), folder: whole, threads: 1 });
      expected = await contents(whole);
      stopped = newFolder();
      await trainUntil(stopped, adam(), afterEpoch(3));
    });

    const copy = async (): Promise<string> => {
      const folder = newFolder();
      await cp(stopped, folder, { recursive: true });
      return folder;
    };
    const newest = (folder: string): string => join(folder, "checkpoint.safetensors");
    const older = (folder: string): string => join(folder, "checkpoint.previous.safetensors");
    const cutOff = async (file: string): Promise<void> => {
      const bytes = await readFile(file);
      await writeFile(file, bytes.subarray(0, bytes.length - 9));
    };

    it("keeps the newest checkpoint and the one before until it is finished", async () => {
      const folder = await copy();
      assert.deepEqual((await readdir(folder)).sort(), [
        "best.safetensors",
        "checkpoint.previous.safetensors",
        "checkpoint.safetensors",
        "config.json",
        "environment.json",
        "history.jsonl",
        "images.json",
        "interrupted.safetensors",
        "last.safetensors",
      ]);
      await resumeRun({ folder, threads: 1 });
      const left = await readdir(folder);
      assert.equal(
        left.some((name) => name.startsWith("checkpoint")),
        false,
      );
      await fails(
        resumeRun({ folder }),
        /is finished: its 4 epochs are done and its test accuracy is \d+\.\d\d %/,
      );
    });

    const damages: [string, (folder: string) => Promise<void>, RegExp][] = [
      ["cut off", (folder) => cutOff(newest(folder)), /is not a whole safetensors file: .*cut off/],
      ["empty", (folder) => writeFile(newest(folder), ""), /is not a whole safetensors file/],
      [
        "changed within",
        async (folder) => {
          const bytes = await readFile(newest(folder));
          bytes[bytes.length - 100] ^= 4;
          await writeFile(newest(folder), bytes);
        },
        /is not a whole safetensors file: its digest is not that of its content/,
      ],
      [
        "a model's weights",
        (folder) => cp(join(folder, "last.safetensors"), newest(folder)),
        /but no heddle checkpoint/,
      ],
      [
        "another run's",
        async (folder) => {
          const other = newFolder();
          await trainUntil(other, sgd(), afterEpoch(1));
          await cp(newest(other), newest(folder));
        },
        /belongs to another run: its optimizer is .*"sgd"/,
      ],
      [
        "ahead of the history",
        async (folder) => {
          const file = join(folder, "history.jsonl");
          const lines = (await readFile(file, "utf8")).split("\n");
          await writeFile(file, `${lines.slice(0, 2).join("\n")}\n${lines[2].slice(0, 30)}`);
        },
        /stands after epoch 3, but epoch 3 can't be read in /,
      ],
    ];
    for (const [what, damage, reason] of damages) {
      it(`takes the checkpoint before where the newest is ${what}`, async () => {
        const folder = await copy();
        await damage(folder);
        let chosen: ChosenCheckpoint | undefined;
        const onCheckpoint = (found: ChosenCheckpoint | undefined) => {
          chosen = found;
        };
        await resumeRun({ folder, threads: 1, onCheckpoint });
        assert.equal(chosen?.file, older(folder));
        assert.equal(chosen?.passedOver.length, 1);
        assert.match(chosen?.passedOver[0] ?? "", reason);
        assert.deepEqual(await contents(folder), expected);
      });
    }

    it("never lets a bad checkpoint take the place of the good one before", async () => {
      const folder = await copy();
      const good = await readFile(older(folder));
      await cutOff(newest(folder));
      const controller = new AbortController();
      await resumeRun({
        folder,
        threads: 1,
        signal: controller.signal,
        onEvent: ({ event }) => {
          if (event === "epoch") controller.abort();
        },
      });
      assert.deepEqual(await readFile(older(folder)), good);
    });

    it("drops lines that no checkpoint stands behind", async () => {
      const folder = await copy();
      const history = join(folder, "history.jsonl");
      const [first] = (await readFile(history, "utf8")).split("\n");
      await appendFile(history, `${first.replace('"epoch":1', '"epoch":4')}\n{"epoch":5,"tra`);
      await resumeRun({ folder, threads: 1 });
      assert.deepEqual(await contents(folder), expected);
    });

    it("sets best and last right where they ran ahead", async () => {
      const folder = await copy();
      for (const name of ["best", "last"]) await writeFile(join(folder, `${name}.safetensors`), "ahead");
      const controller = new AbortController();
      const onEvent = () => controller.abort();
      const { end } = await resumeRun({ folder, threads: 1, signal: controller.signal, onEvent });
      assert.equal(end.reason, "aborted");
      for (const name of ["best", "last"]) {
        const file = `${name}.safetensors`;
        assert.deepEqual(await readFile(join(folder, file)), await readFile(join(stopped, file)));
      }
      await resumeRun({ folder, threads: 1 });
      assert.deepEqual(await contents(folder), expected);
    });

    it("keeps a best epoch from before the stop", async () => {
      // A rate so high that training wanders: the second epoch is the best. Portable, so that it is everywhere.
      const schedule = constant({ learningRate: 0.2 }).config;
      const wild: RunSettings = { ...settings(adam()), schedule, seed: 1, portable: true };
      const [whole, folder] = [newFolder(), newFolder()];
      const { end } = await trainRun({ ...wild, folder: whole, threads: 1 });
      assert.ok(end.bestEpoch < 3, `the best epoch is ${end.bestEpoch}`);
      const controller = new AbortController();
      await trainRun({
        ...wild,
        folder,
        threads: 1,
        signal: controller.signal,
        onEvent: (event) => {
          if (afterEpoch(3)(event)) controller.abort();
        },
      });
      await rm(join(folder, "best.safetensors"));
      assert.equal((await resumeRun({ folder, threads: 1 })).end.bestEpoch, end.bestEpoch);
      assert.deepEqual(await contents(folder), await contents(whole));
    });

    it("judges a run that was cut off after its last epoch", async () => {
      const folder = newFolder();
      await trainUntil(folder, adam(), afterEpoch(3));
      const steps: number[] = [];
      await assert.rejects(
        resumeRun({
          folder,
          threads: 1,
          onEvent: (event) => {
            if (event.event === "end") throw new Error("cut off");
          },
        }),
        /cut off/,
      );
      await resumeRun({
        folder,
        threads: 1,
        onEvent: (event) => {
          if (event.event === "step") steps.push(event.step);
        },
      });
      assert.deepEqual(steps, []);
      assert.deepEqual(await contents(folder), expected);
    });

    it("says why no checkpoint is usable, and what to do", async () => {
      const folder = await copy();
      await cutOff(newest(folder));
      await writeFile(older(folder), "");
      await fails(
        resumeRun({ folder }),
        /can't be gone on with\. .*checkpoint\.safetensors is not .*checkpoint\.previous\.safetensors is not .*train it again in a new folder/,
      );
      await rm(newest(folder));
      await rm(older(folder));
      await fails(resumeRun({ folder }), /has no checkpoint to go on from: it was deleted/);
    });

    for (const [what, damage] of [
      ["cut off", (text) => text.slice(0, 100)],
      ["empty", () => ""],
      ["something else", () => "[1, 2"],
    ] as [string, (text: string) => string][]) {
      it(`writes environment.json anew where it is ${what}, with a warning`, async () => {
        const folder = await copy();
        const file = join(folder, "environment.json");
        await writeFile(file, damage(await readFile(file, "utf8")));
        const warnings: string[] = [];
        await resumeRun({ folder, threads: 2, onWarning: (message) => warnings.push(message) });
        assert.equal(warnings.length, 1);
        assert.match(
          warnings[0],
          /environment\.json is not JSON.*It is written anew; what the run ran on before/,
        );
        const { threads, resumed } = JSON.parse(await readFile(file, "utf8"));
        assert.deepEqual([threads, resumed.length, resumed[0].epochsDone], [2, 1, 3]);
        assert.deepEqual(await contents(folder), expected);
      });
    }

    const lines = async (folder: string): Promise<string[]> =>
      (await readFile(join(folder, "history.jsonl"), "utf8")).trimEnd().split("\n");
    const losses: [string, (lines: readonly string[]) => string, string, number[]][] = [
      ["empty", () => "", "epochs 1 to 3", [4]],
      ["cut off in its first line", ([first]) => first.slice(0, 20), "epochs 1 to 3", [4]],
      ["damaged in the middle", ([a, b, c]) => [a, b.replace("{", ""), c].join("\n"), "epoch 2", [1, 3, 4]],
    ];
    for (const [what, damage, lost, left] of losses) {
      it(`goes on to the same weights without lost figures where history.jsonl is ${what}, and says so`, async () => {
        const folder = await copy();
        await writeFile(join(folder, "history.jsonl"), damage(await lines(folder)));
        const warnings: string[] = [];
        const onWarning = (message: string) => warnings.push(message);
        const { history } = await resumeRun({ folder, threads: 1, onWarning });
        assert.equal(warnings.length, 1);
        assert.match(warnings[0], new RegExp(`losses, accuracies and times of ${lost} are lost`));
        assert.deepEqual(
          history.map(({ epoch }) => epoch),
          left,
        );
        assert.equal((await lines(folder)).length, left.length);
        const { history: _, ...rest } = await contents(folder);
        const { history: __, ...wanted } = expected;
        assert.deepEqual(rest, wanted);
        await fails(resumeRun({ folder }), /is finished: its 4 epochs are done/);
        // What is left of its history is what it is held against.
        await assert.rejects(stat(join(folder, "receipt.json")));
        const { identical, epochs } = await verifyRun({ folder, threads: 1 });
        assert.deepEqual([identical, epochs], [true, 4]);
      });
    }

    it("never begins a finished run anew, however little of its history is left", async () => {
      const folder = await copy();
      await resumeRun({ folder, threads: 1 });
      for (const left of ["", (await lines(folder))[0]]) {
        await writeFile(join(folder, "history.jsonl"), left);
        await fails(resumeRun({ folder }), /or the run is finished and its history\.jsonl is damaged/);
      }
      const { history: _, ...rest } = await contents(folder);
      const { history: __, ...wanted } = expected;
      assert.deepEqual(rest, wanted);
    });

    it("says how to judge a finished run again whose judgement is torn", async () => {
      const folder = await copy();
      await resumeRun({ folder, threads: 1 });
      await writeFile(join(folder, "evaluation.json"), '{"n": 2');
      await fails(
        resumeRun({ folder }),
        /is finished: .*evaluation\.json is not JSON: .*Judge it again, and that file is written anew/,
      );
      await evaluateRun({ folder, threads: 1 });
      assert.deepEqual(await contents(folder), expected);
    });

    it("is refused where another one trains in the folder, and leaves no lock", async () => {
      const folder = await copy();
      let inside: Promise<void>[] = [];
      await resumeRun({
        folder,
        threads: 1,
        onEvent: ({ event }) => {
          if (event !== "start") return;
          const message = /Process \d+ on .* works in .* already \(.*run\.lock\)\. Wait for its end/;
          const again = { ...settings(adam()), folder };
          inside = [fails(resumeRun({ folder }), message), fails(trainRun(again), /exists already/)];
        },
      });
      await Promise.all(inside);
      assert.equal(inside.length, 2);
      assert.deepEqual(await contents(folder), expected);
      assert.equal((await readdir(folder)).includes("run.lock"), false);
    });

    it("takes over the lock of a process that is gone, and sweeps what it left half-written", async () => {
      const folder = await copy();
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      const holder = { pid, host: hostname(), startedAt: new Date(0).toISOString() };
      await writeFile(join(folder, "run.lock"), JSON.stringify(holder));
      await writeFile(join(folder, ".last.safetensors.0123abcd.tmp"), "half");
      const warnings: string[] = [];
      await resumeRun({ folder, threads: 1, onWarning: (message) => warnings.push(message) });
      assert.match(warnings[0], /left .*run\.lock behind: it was taken over/);
      assert.equal((await readdir(folder)).filter((name) => /lock|tmp/.test(name)).length, 0);
      assert.deepEqual(await contents(folder), expected);
    });

    it("is not judged where it is told to stop then, and is when it goes on", async () => {
      const folder = await copy();
      const controller = new AbortController();
      const { end, evaluation } = await resumeRun({
        folder,
        threads: 1,
        signal: controller.signal,
        onEvent: ({ event }) => {
          if (event === "end") controller.abort();
        },
      });
      assert.deepEqual([end.reason, evaluation], ["finished", undefined]);
      assert.ok((await resumeRun({ folder, threads: 1 })).evaluation);
      assert.deepEqual(await contents(folder), expected);
    });

    it("refuses test labels that have changed since, but not a checkpoint that doesn't say", async () => {
      const folder = await copy();
      const data = join(parent, "relabelled");
      await cp(join(parent, "data"), data, { recursive: true });
      const labels = join(data, "t10k-labels-idx1-ubyte");
      const bytes = await readFile(labels);
      bytes[8] = (bytes[8] + 1) % 4;
      await writeFile(labels, bytes);
      const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
      await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, data }));
      await fails(
        resumeRun({ folder }),
        /is judged on other test images or labels: there (are|were) \d+ .*\. Put/,
      );
      for (const file of [newest(folder), older(folder)]) {
        const checkpoint = decodeCheckpoint(await readFile(file), file);
        await writeFile(file, encodeCheckpoint(withoutTestImages(checkpoint)));
      }
      const { end } = await resumeRun({ folder, threads: 1 });
      assert.equal(end.reason, "finished");
    });

    it("is not judged on other test images than it was, but where they are asked for", async () => {
      const folder = await copy();
      await resumeRun({ folder, threads: 1 });
      const before = await contents(folder);
      const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
      const data = join(parent, "others");
      await writeColumnImages(data, { seed: 2, train: 80, test: 24 });
      await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, data }));
      await fails(
        evaluateRun({ folder, threads: 1 }),
        /others has other test images than when the run was judged, 20 then, 24 now: it may have trained on some/,
      );
      assert.deepEqual(await contents(folder), before);
      await writeFile(join(folder, "config.json"), JSON.stringify(config));
      const judged = await evaluateRun({ folder, threads: 1, data });
      assert.deepEqual([judged.evaluation.n, judged.file], [24, undefined]);
      assert.deepEqual(await contents(folder), before);
      const own = await evaluateRun({ folder, threads: 1, data: relative(process.cwd(), config.data) });
      assert.equal(own.file, join(folder, "evaluation.json"));
      assert.deepEqual(await contents(folder), before);
    });

    it("refuses images that have changed since", async () => {
      const folder = await copy();
      const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
      const data = join(parent, "changed");
      await writeColumnImages(data, { seed: 2, train: 80, test: 20 });
      await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, data }));
      // Once, though neither checkpoint is of these images.
      const words =
        /can't be gone on with\. \S+ was written when other images trained: there (are|were) \d+ ((?!was written).)*$/;
      await fails(resumeRun({ folder }), words);
      await writeFile(join(folder, "config.json"), JSON.stringify(config));
      await fails(resumeRun({ folder, data }), words);
    });

    it("takes images from elsewhere where a checkpoint says that they are the same", async () => {
      const data = join(parent, "elsewhere");
      await cp(join(parent, "data"), data, { recursive: true });
      const { end } = await resumeRun({ folder: await copy(), threads: 1, data });
      assert.equal(end.reason, "finished");
    });

    it("begins anew on images from elsewhere where it keeps marks that say that they are the same", async () => {
      const others = join(parent, "no-others");
      await writeColumnImages(others, { seed: 2, train: 80, test: 20 });
      const elsewhere = join(parent, "elsewhere-again");
      await cp(join(parent, "data"), elsewhere, { recursive: true });
      const begun = async () => {
        const folder = newFolder();
        await trainUntil(folder, adam(), (event) => event.event === "step" && event.step === 3);
        return folder;
      };
      const folder = await begun();
      const { dataset } = await loadDataset(others);
      for (const given of [{ data: others }, { dataset }])
        await fails(
          resumeRun({ folder, ...given }),
          /began on other images, and no epoch of it ended: there are 80 as then, but others.* Put the data back/,
        );
      await rm(join(folder, "images.json"));
      await fails(
        resumeRun({ folder, data: elsewhere }),
        /No epoch of .* ended, so nothing tells whether the images of/,
      );
      const own = relative(process.cwd(), join(parent, "data"));
      for (const [at, data] of [
        [folder, own],
        [await begun(), elsewhere],
      ] as const)
        assert.equal((await resumeRun({ folder: at, threads: 1, data })).end.reason, "finished");
    });
  });
});
