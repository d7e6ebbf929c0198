import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrainEvent } from "../../core/training/events.js";
import type { TrialPlan } from "../../study/study.js";
import { RunningTrials } from "./running-trials.js";

const planOf = (id: string): TrialPlan => ({ id, factors: {}, settings: { model: "lenet", epochs: 4 } });

const epochOf = (epoch: number, validationAccuracy: number) =>
  ({ event: "epoch", epoch, validationAccuracy }) as TrainEvent;

function screen(live: boolean) {
  const shown: { lines: string[]; live: string[][] } = { lines: [], live: [] };
  const running = new RunningTrials({
    live,
    liveLine: (...lines) => void (live && shown.live.push(lines)),
    stderr: (line) => void shown.lines.push(line),
    errorColour: false,
  });
  return { running, shown };
}

describe("trials that train at once", () => {
  const [first, second] = [planOf("first"), planOf("second")];

  it("have a live line each on a terminal, as long as they train and are judged", () => {
    const { running, shown } = screen(true);
    running.begin(first);
    running.draw();
    running.begin(second);
    running.show(second, epochOf(1, 0.5));
    running.draw();
    running.show(second, { event: "end", reason: "finished" } as TrainEvent);
    running.end(first);
    running.draw();
    running.end(second);
    running.draw();
    assert.deepEqual(shown.live, [
      ["first: begins"],
      ["first: begins", "second: epoch 1/4, validation 50.00 %"],
      ["second: judging the best weights …"],
      [""],
    ]);
    assert.deepEqual(shown.lines, []);
  });

  it("have a line an epoch elsewhere, and one a warning anywhere", () => {
    const { running, shown } = screen(false);
    running.begin(first);
    running.show(first, epochOf(2, 0.9123));
    running.show(first, { event: "warning", message: "It does no better than guessing." } as TrainEvent);
    running.end(second);
    const lines = [
      "first: epoch 2/4, validation 91.23 %",
      "first: warning: It does no better than guessing.",
    ];
    assert.deepEqual(shown, { lines, live: [] });
  });
});
