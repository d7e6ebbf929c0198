import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { profileTable } from "./profile-table.js";

const profile = {
  name: "train/lenet/8",
  threads: 2,
  steps: 60,
  ofSteps: 80,
  plainMs: 9.5,
  stepMs: 10,
  layers: [
    { name: "C1", milliseconds: { preparation: 0, forward: 1, backward: 3 } },
    { name: "FC1", milliseconds: { preparation: 0.5, forward: 0.5, backward: 1 } },
  ],
  optimizerMs: 0.5,
  waitingMs: 2.5,
  restMs: 1,
  jobs: [],
};

describe("the profile's table", () => {
  const lines = profileTable(profile).split("\n");

  it("says over which of the steps its means are", () => {
    assert.match(lines[0], /, 2 threads: .*, the mean of the threads and of the fastest 60 of 80 steps$/);
  });

  it("has a row a layer with its phases and a bar to scale", () => {
    assert.match(lines.join("\n"), /^C1 +1\.000 +3\.000 +4\.000 +40\.0 % {2}█{24}$/m);
    assert.match(lines.join("\n"), /^FC1 +0\.500 +0\.500 +1\.000 +2\.000 +20\.0 % {2}█{12}$/m);
    assert.match(lines.join("\n"), /^waiting +2\.500 +25\.0 % {2}█{15}$/m);
  });

  it("ends with the sum, which is the step", () => {
    assert.match(lines.join("\n"), /^whole step +0\.500 +1\.500 +4\.000 +10\.000 +100\.0 %$/m);
    assert.match(lines.at(-1) ?? "", /takes 9\.500 ms\.$/);
  });

  it("fits into 100 columns", () => {
    assert.ok(Math.max(...lines.map((line) => line.length)) <= 100);
  });
});
