import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StudyProgress, TrialProgress } from "../../study/study.js";
import { type SweepEvent, type SweepTrial, sweepSpec } from "../../sweep/index.js";
import { sweepPlan } from "../../sweep/plan.js";
import { resultsOf } from "../../sweep/results.js";
import { trialRecord } from "../../sweep/testing/records.js";
import { SweepProgress, sweepLine, sweepTable } from "./sweep-progress.js";

const spec = await sweepSpec({
  kind: "grid",
  base: { model: "lenet", epochs: 4 },
  vary: { "schedule.learningRate": [0.01, 0.1], augmentation: [null, "flip"] },
});
const { trials } = sweepPlan(spec)(new Map(), new Map());

function progressOf(states: readonly TrialProgress["state"][]): StudyProgress<SweepTrial> {
  const each = trials.map((plan, index) => {
    const state = states[index] ?? "open";
    const epochsLeft = state === "open" ? 4 : 0;
    return { plan, state, epochsDone: 4 - epochsLeft, epochsLeft, secondsLeft: epochsLeft * 10 };
  });
  const epochsLeft = each.reduce((sum, { epochsLeft: own }) => sum + own, 0);
  return { trials: each, undecided: [], epochsLeft, secondsLeft: epochsLeft * 10 };
}

function screen(live: boolean) {
  const shown: { out: string[]; error: string[]; live: string[][] } = { out: [], error: [], live: [] };
  const progress = new SweepProgress(
    {
      live,
      liveLine: (...lines) => void shown.live.push(lines),
      stdout: (line) => void shown.out.push(line),
      stderr: (line) => void shown.error.push(line),
      errorColour: false,
    },
    spec,
  );
  return { shown, progress };
}

const epoch = (trial: SweepTrial, number: number, validationAccuracy: number): SweepEvent =>
  ({
    event: "training",
    trial,
    training: { event: "epoch", epoch: number, validationAccuracy },
  }) as SweepEvent;

const warning = (trial: SweepTrial, message: string): SweepEvent =>
  ({ event: "training", trial, training: { event: "warning", message } }) as SweepEvent;

/** Two trials at once; the first ends, the second fails. */
function events(): SweepEvent[] {
  const [first, second] = trials;
  const record = trialRecord(first.id, [0.5, 0.8, 0.7, 0.75], "finished");
  const failure = { id: second.id, factors: {}, message: "It was too much." };
  const results = resultsOf(spec, new Map([[first.id, record]]), new Map());
  return [
    { event: "plan", progress: progressOf([]), trials: { records: new Map(), failures: new Map() } },
    { event: "trial", trial: first, progress: progressOf([]) },
    { event: "trial", trial: second, progress: progressOf([]) },
    epoch(first, 1, 0.5),
    warning(first, "It is at chance."),
    epoch(first, 2, 0.8),
    epoch(first, 3, 0.7),
    { event: "done", trial: first, record, progress: progressOf(["done"]) },
    { event: "results", results },
    epoch(second, 1, 0.6),
    { event: "failed", trial: second, failure, progress: progressOf(["done", "failed"]) },
  ];
}

describe("the progress of a sweep", () => {
  it("is a line a trial that ended, with what all at once have left", () => {
    const { shown, progress } = screen(false);
    for (const event of events()) progress.show(event);
    assert.deepEqual(shown.out, [
      "001-seed1: validation accuracy 80.00 %, 4 epochs, 4.0 s; 12 epochs left, about 1 min",
      "002-seed1: set aside: It was too much.",
    ]);
    assert.deepEqual(shown.live, []);
    assert.equal(shown.error[0], "4 trials: 0 done, 4 open; 16 epochs left, about 3 min");
    assert.deepEqual(shown.error.slice(1), [
      "001-seed1 …",
      "002-seed1 …",
      "001-seed1: warning: It is at chance.",
    ]);
  });

  it("is a table of what trains now on a terminal, the best below", () => {
    const { shown, progress } = screen(true);
    for (const event of events()) progress.show(event);
    const lines = shown.live.map((each) => each.map((line) => line.replace(/ +/g, " ")));
    assert.deepEqual(lines[6], [
      "Trial learningRate augmentation Epochs Validation Left",
      "001-seed1 0.01 none 3/4 80.00 % 0:10",
      "002-seed1 0.01 flip 0/4 0:40",
      "4 trials: 0 done, 4 open; 16 epochs left, about 1 min",
    ]);
    assert.deepEqual(lines[9].slice(1, 3), [
      "002-seed1 0.01 flip 1/4 60.00 % 0:30",
      "001 0.01 none 4 80.00 % the best",
    ]);
    assert.deepEqual(lines.at(-1), [""]);
  });

  it("counts what is done, set aside and to come", () => {
    const progress = progressOf(["done", "failed", "begun"]);
    assert.equal(
      sweepLine(progress, 1),
      "4 trials: 1 done, 1 begun, 1 set aside, 1 open; 4 epochs left, less than a minute",
    );
    assert.match(
      sweepTable(progress),
      /^001-seed1 +0\.01 +none +4 +done\n002-seed1 +0\.01 +flip +4 +set aside\n003-seed1 +0\.1 +none +4 +epoch 4$/m,
    );
  });
});
