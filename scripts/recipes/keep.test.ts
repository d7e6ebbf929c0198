import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { arithmeticVersion } from "#heddle/core/arithmetic.js";
import type { RecipeRun } from "./file.js";
import { keepRun, keepVariantRun, keptRows, keptRuns } from "./keep.js";

const file = join("recipes", "swift.json");
const head = { command: "recipes.js swift", recipe: "swift", arithmeticVersion, settings: { epochs: 5 } };
const run = (seed: number, accuracy = 0.9) => ({ seed, accuracy }) as RecipeRun;

describe("what a recipe's results file keeps", () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "heddle-keep-"));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  it("is what every call has added, by seed, and nothing half-written beside it", () => {
    const [first, second] = [keptRuns(file, head), keptRuns(file, head)];
    assert.deepEqual([first.runs, second.runs], [[], []]);
    keepRun(file, head, run(2));
    keepRun(file, head, run(1));
    keepRun(file, head, run(2, 0.91));
    assert.deepEqual(keptRuns(file, head).runs, [run(1), run(2, 0.91)]);
    assert.deepEqual(readdirSync(join("results", "recipes")), ["swift.json"]);
  });

  it("is each variant's, in their order", () => {
    const order = ["", "no flip"];
    keepVariantRun(file, head, { change: "no flip", run: run(1), order });
    keepVariantRun(file, head, { change: "", run: run(1), order });
    keepVariantRun(file, head, { change: "no flip", run: run(2), order });
    assert.deepEqual(keptRows(file, head).rows, [
      { change: "", runs: [run(1)] },
      { change: "no flip", runs: [run(1), run(2)] },
    ]);
  });

  it("is of one recipe and one arithmetic", () => {
    keepRun(file, head, run(1));
    assert.throws(() => keepRun(file, { ...head, settings: { epochs: 6 } }, run(2)), {
      message: `results/${file} is of other settings than the recipe has today: take it away, and run this again.`,
    });
  });
});
