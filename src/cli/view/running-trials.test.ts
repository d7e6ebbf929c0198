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
  });
  return { running, shown };
}

describe("trials that train at once", () => {
  const [first, second] = [planOf("first"), planOf("second")];

  it("have a live line each on a terminal, as long as they train", () => {
    const { running, shown } = screen(true);
    running.begin(first);
    running.begin(second);
    running.show(second, epochOf(1, 0.5));
    running.end(first);
    running.end(second);
    assert.deepEqual(shown.live, [
      ["first: begins"],
      ["first: begins", "second: begins"],
      ["first: begins", "second: epoch 1/4, validation 50.00 %"],
      ["second: epoch 1/4, validation 50.00 %"],
      [""],
    ]);
    assert.deepEqual(shown.lines, []);
  });

  it("have a line an epoch elsewhere", () => {
    const { running, shown } = screen(false);
    running.begin(first);
    running.show(first, { event: "end", reason: "finished" } as TrainEvent);
    running.show(first, epochOf(2, 0.9123));
    running.end(second);
    assert.deepEqual(shown, { lines: ["first: epoch 2/4, validation 91.23 %"], live: [] });
  });

  it("share the time that is left, as many as there were", () => {
    const { running } = screen(false);
    assert.deepEqual(running.together({ secondsLeft: 60 }), { secondsLeft: 60 });
    running.begin(first);
    running.begin(second);
    running.end(first);
    assert.deepEqual(running.together({ secondsLeft: 60, other: 1 }), { secondsLeft: 30, other: 1 });
    assert.deepEqual(running.together({}), {});
  });
});
