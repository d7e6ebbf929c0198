import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EpochEvent, StartEvent, StepEvent } from "../../core/training/events.js";
import type { Terminal } from "../terminal.js";
import { TrainingProgress } from "./progress.js";

const start: StartEvent = {
  event: "start",
  epochs: 2,
  stepsPerEpoch: 375,
  batchSize: 128,
  trainImages: 48_000,
  validationImages: 12_000,
  threads: 2,
  relaxedSimd: true,
  vectorBits: 128,
  arenaBytes: 123_456_789,
  parameters: 487_818,
};

const step = (number: number): StepEvent => ({
  event: "step",
  epoch: 1,
  step: number,
  stepsPerEpoch: 375,
  trainLoss: 0.51234,
  trainAccuracy: 0.8123,
  learningRate: 0.001,
  imagesPerSecond: 12_345.6,
  secondsLeft: 75,
});

const epoch: EpochEvent = {
  event: "epoch",
  epoch: 1,
  trainLoss: 0.5,
  trainAccuracy: 0.8,
  validationLoss: 0.4,
  validationAccuracy: 0.85,
  learningRate: 0.0009876,
  seconds: 9.87,
  best: true,
};

function screen(live: boolean, width = 120) {
  const lines: string[] = [];
  const liveLines: string[] = [];
  const terminal: Terminal = {
    stdout: () => assert.fail("progress belongs on stderr"),
    stderr: (line) => lines.push(line),
    colour: false,
    errorColour: false,
    live,
    liveWidth: () => width,
    liveLine: (text) => liveLines.push(text),
    isUnread: () => false,
  };
  let now = 0;
  const progress = new TrainingProgress(terminal, () => now);
  return {
    lines,
    liveLines,
    progress,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe("training progress", () => {
  it("keeps a line for the start and for each epoch", () => {
    const { lines, progress } = screen(false);
    progress.show(start);
    progress.show(epoch);
    assert.deepEqual(lines, [
      "487,818 parameters; 48,000 images train, 12,000 validate; 375 steps of 128 an epoch; 2 threads, 118 MiB planned",
      "Epoch 1/2  loss 0.5000  accuracy 80.00 %  validation loss 0.4000  accuracy 85.00 %  rate 0.000988  9.9 s  best so far",
    ]);
  });

  it("counts the one step of an epoch as one", () => {
    const { lines, progress } = screen(false);
    progress.show({ ...start, stepsPerEpoch: 1 });
    assert.match(lines[0], / validate; 1 step of 128 an epoch; /);
  });

  it("says when training stopped before its last epoch", () => {
    const { lines, progress } = screen(false);
    progress.show(start);
    const end = { event: "end", bestEpoch: 1, epochsDone: 1, stepsDone: 375, seconds: 10 } as const;
    progress.show({ ...end, reason: "finished" });
    assert.equal(lines.length, 1);
    progress.show({ ...end, reason: "stopped early" });
    assert.equal(
      lines[1],
      "Stopped early, after epoch 1 of 2, without an improvement for long enough; the best was epoch 1",
    );
  });

  it("says when the processor has no relaxed SIMD", () => {
    const { lines, progress } = screen(false);
    progress.show({ ...start, relaxedSimd: false, threads: 1 });
    assert.match(lines[0], /1 thread, 118 MiB planned, plain multiply and add \(no relaxed SIMD\)/);
  });

  it("shows a step every ten seconds where there is no terminal", () => {
    const { lines, progress, pass } = screen(false);
    progress.show(start);
    for (let number = 1; number <= 250; number++) {
      pass(100);
      progress.show(step(number));
    }
    assert.equal(lines.length, 3);
    assert.equal(
      lines[1],
      "Epoch 1/2  step 100/375  loss 0.5123  accuracy 81.2 %  12,346 images/s  1:15 left",
    );
  });

  it("writes the live line over on a terminal, and takes it away at the end", () => {
    const { lines, liveLines, progress, pass } = screen(true);
    progress.show(start);
    for (let number = 1; number <= 3; number++) {
      pass(100);
      progress.show(step(number * 125));
    }
    progress.show({
      event: "end",
      reason: "finished",
      bestEpoch: 1,
      epochsDone: 1,
      stepsDone: 375,
      seconds: 1,
    });
    assert.equal(lines.length, 1);
    assert.equal(liveLines.length, 4);
    assert.match(liveLines[2], /━{20} 375\/375/);
    assert.equal(liveLines[3], "");
  });

  it("leaves the bar out of a live line where it doesn't fit", () => {
    const { liveLines, progress, pass } = screen(true, 79);
    progress.show({ ...start, epochs: 50 });
    pass(100);
    progress.show({ ...step(375), epoch: 50 });
    assert.deepEqual(liveLines, [
      "Epoch 50/50  375/375  loss 0.5123  accuracy 81.2 %  12,346 images/s  1:15 left",
    ]);
  });

  it("puts an epoch in short where the terminal is narrow", () => {
    const { lines, progress } = screen(true, 79);
    progress.show({ ...start, epochs: 50 });
    progress.show({ ...epoch, epoch: 50, seconds: 100 });
    assert.equal(
      lines[1],
      "Epoch 50/50  loss 0.5000  validation 0.4000  85.00 %  rate 0.000988  100.0 s  best",
    );
  });
});
