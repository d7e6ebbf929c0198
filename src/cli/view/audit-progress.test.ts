import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AuditEvent } from "../../core/audit/audit-options.js";
import { AuditProgress } from "./audit-progress.js";

function shown(live: boolean, events: readonly (readonly [seconds: number, event: object])[]): string[] {
  const lines: string[] = [];
  const terminal = {
    colour: false,
    errorColour: false,
    live,
    liveWidth: () => 80,
    liveLine: (text: string) => void lines.push(`live ${text}`),
    stdout: (text: string) => void lines.push(`out ${text}`),
    stderr: (text: string) => void lines.push(text),
    isUnread: () => false,
  };
  let now = 0;
  const progress = new AuditProgress(terminal, () => now);
  for (const [seconds, event] of events) {
    now = seconds * 1000;
    progress.show(event as AuditEvent);
  }
  return lines;
}

const step = { event: "step", epoch: 2, step: 3, stepsPerEpoch: 9, trainAccuracy: 0.5, secondsLeft: 61 };
const events = [
  [1, { event: "duplicates", done: 1000, count: 2000 }],
  [12, { event: "duplicates", done: 2000, count: 2000 }],
  [13, { event: "fold", fold: 0, folds: 5, training: { event: "start", trainImages: 1600, epochs: 4 } }],
  [14, { event: "fold", fold: 0, folds: 5, training: step }],
  [24, { event: "fold", fold: 0, folds: 5, training: { event: "warning", message: "slow" } }],
] as const;

describe("AuditProgress", () => {
  it("writes a line a fold, and others every ten seconds", () => {
    assert.deepEqual(shown(false, events), [
      "Looking for duplicates: 2,000 of 2,000 images",
      "Fold 1 of 5: learning from 1,600 images, 4 epochs",
      "warning: slow",
    ]);
  });

  it("keeps a live line on a terminal", () => {
    assert.deepEqual(shown(true, events), [
      "live Looking for duplicates: 1,000 of 2,000 images",
      "live Looking for duplicates: 2,000 of 2,000 images",
      "Fold 1 of 5: learning from 1,600 images, 4 epochs",
      "live Fold 1 of 5  epoch 2, step 3/9  accuracy 50.0 %  1:01 left of this fold",
      "warning: slow",
    ]);
  });
});
