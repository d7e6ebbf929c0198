import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { keepResults } from "../testing/keep-results.js";
import { madeUpProtocol, type SyntheticResultsOptions, syntheticResults } from "../testing/synthetic.js";
import { printedGroups, scheduleOutcomes } from "./groups.js";
import { readResults } from "./read-results.js";
import type { ReproductionResults } from "./results.js";

describe("the results of a folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "heddle-results-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What is read of made-up trials that were kept. */
  async function kept(options: SyntheticResultsOptions): Promise<ReproductionResults> {
    await keepResults(folder, madeUpProtocol, syntheticResults({ images: 40, ...options }));
    return readResults(folder);
  }

  for (const seeds of [
    [2, 3],
    [3, 1, 2],
    [7, 8],
  ])
    it(`have every schedule at the start rate that was chosen by seed ${seeds[0]} of ${seeds}`, async () => {
      const outcomes = scheduleOutcomes(await kept({ part: "schedules", seeds }));
      assert.equal(outcomes.length, 7);
      for (const { tried, chosen, group } of outcomes) {
        assert.ok(chosen !== null);
        assert.ok(tried.every(({ record }) => record?.config.seed === seeds[0]));
        assert.equal(group.kept.length, seeds.length, "it is the rate that the plan went on with");
      }
    });

  it("are refused where a copied folder would count as another seed", async () => {
    await kept({ part: "table2", seeds: [1], epochs: 2 });
    const trials = join(folder, "trials");
    const id = "made-up-cnn-128-seed1";
    await cp(join(trials, id), join(trials, `${id}.bak`), { recursive: true });
    await assert.rejects(
      readResults(folder),
      /trials\/made-up-cnn-128-seed1 and trials\/made-up-cnn-128-seed1\.bak hold one trial twice.*move one of them out/,
    );
  });

  it("lack a seed of the whole, but not of the printed setting, where another than the first was taken", async () => {
    const results = await kept({ part: "printed", seeds: [2] });
    assert.deepEqual(
      printedGroups(results).map(({ ids, kept }) => [ids.length, kept.length]),
      [
        [1, 1],
        [1, 1],
      ],
    );
    const seeds = new Set(results.planned.map(({ factors }) => factors.seed));
    assert.deepEqual([...seeds].sort(), [1, 2, 3]);
  });
});
