import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTrialId, type TrialName, trialId } from "./trial-id.js";

describe("a trial's name", () => {
  const protocol = "adamw-cosine";
  const names: [string, TrialName][] = [
    [
      "adamw-cosine-proposed-128-seed1",
      { kind: "model", protocol, model: "proposed", batchSize: 128, seed: 1 },
    ],
    ["adamw-cosine-bilstm-32-seed10", { kind: "model", protocol, model: "bilstm", batchSize: 32, seed: 10 }],
    ["printed-sgd-seed2", { kind: "printed", optimizer: "sgd", seed: 2 }],
    [
      "adamw-cosine-schedule-one-cycle-0.002-seed1",
      { kind: "schedule", protocol, schedule: "one-cycle", learningRate: 0.002, seed: 1 },
    ],
    [
      "adamw-cosine-schedule-natural-exponential-3e-7-seed0",
      { kind: "schedule", protocol, schedule: "natural-exponential", learningRate: 3e-7, seed: 0 },
    ],
    ["adamw-cosine-without-dropout-seed3", { kind: "without-dropout", protocol, seed: 3 }],
  ];
  for (const [id, name] of names) {
    it(`is ${id}, and is read again`, () => {
      assert.equal(trialId(name), id);
      assert.deepEqual(parseTrialId(id), name);
    });
  }

  it("is not read from anything else", () => {
    for (const id of ["", "notes", "proposed-128", "adamw-proposed-x-seed1", "printed-sgd"]) {
      assert.equal(parseTrialId(id), undefined);
    }
  });
});
