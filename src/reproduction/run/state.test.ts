import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { planLengths } from "../plan/plan.js";
import { fashionMnistData } from "./data.js";
import { ReproductionState, type RequestedPlan } from "./state.js";

const nowhere = join(tmpdir(), "heddle-no-such-folder");

async function idsOf(plan: RequestedPlan, quick = false): Promise<string[]> {
  const state = await ReproductionState.open(nowhere, plan, fashionMnistData(quick));
  return state.progress().trials.map((trial) => trial.plan.id);
}

describe("a reproduction's state", () => {
  it("plans the same trials in whatever order the seeds are given", async () => {
    const expected = await idsOf({ part: "all", seeds: [1, 2, 10] });
    assert.deepEqual(await idsOf({ part: "all", seeds: [10, 1, 2] }), expected);
    assert.ok(expected.includes("printed-sgd-seed1"));
    assert.ok(!expected.includes("printed-sgd-seed10"));
  });

  it("is as long as a whole one or a quick one where nothing else is asked for", async () => {
    for (const quick of [false, true]) {
      const { epochs, seeds } = planLengths[quick ? "quick" : "whole"];
      const state = await ReproductionState.open(nowhere, { part: "table2" }, fashionMnistData(quick));
      const configs = state.progress().trials.map(({ plan }) => plan.config);
      assert.deepEqual([...new Set(configs.map((config) => config.epochs))], [epochs]);
      assert.deepEqual([...new Set(configs.map((config) => config.seed))], seeds);
    }
  });
});
