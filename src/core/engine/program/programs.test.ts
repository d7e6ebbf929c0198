import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform as platform } from "../../../node/platform.js";
import { chainOf } from "../../graph/index.js";
import { conv2d, dense, flatten } from "../../layers/index.js";
import { adam } from "../../optimizers/index.js";
import { allocateMemory } from "../threads/memory.js";
import type { Team } from "../threads/team.js";
import { planNetwork } from "./plan.js";
import { Programs } from "./programs.js";

describe("programs made later", () => {
  it("lie apart from all tables, in what there is or beyond it", () => {
    const layers = [conv2d({ filters: 8, kernelSize: 3 }), flatten(), dense({ units: 5 })];
    const planOf = (trainBatchSize: number) =>
      planNetwork(
        {
          graph: chainOf(layers, [9, 9, 1]),
          trainBatchSize,
          inferenceBatchSize: 2,
          optimizer: adam(),
          threads: 1,
          platform,
        },
        false,
      );
    const plan = planOf(8);
    const memory = allocateMemory(plan.arenaBytes, false, () => "");
    let loaded = 0;
    const team = { load: () => loaded++ } as unknown as Team;
    // The first of them finds no room for its tables.
    const full = { ...plan, tables: { ...plan.tables, end: plan.tables.next } };
    const programs = new Programs(full, memory, team);
    const first = programs.trainer(1).program;
    const wall = plan.arenaBytes;
    assert.ok(first.workspaceEnd <= wall && first.tables.every(({ address }) => address >= wall));
    const beyond = [60, 90].map((batch) => {
      const { program } = programs.trainer(batch);
      const { trainer, base } = planOf(batch);
      const start = program.workspaceEnd - (trainer!.workspaceEnd - base.places.workspace);
      assert.ok(start >= wall, `where ${batch} images are worked on`);
      return { program, start };
    });
    const within = [plan.trainer!, plan.predictor!, first, programs.trainer(3).program];
    const all = [...within.map((program) => ({ program, start: plan.base.places.workspace })), ...beyond];
    for (const { program } of all) assert.ok(program.workspaceEnd <= memory.size);
    for (const { workspaceEnd } of within) assert.ok(workspaceEnd <= wall);
    const tables = all.flatMap(({ program }) => program.tables);
    for (const [index, { address, values }] of tables.entries()) {
      const end = address + values.length * 4;
      assert.ok(end <= memory.size);
      for (const other of tables.slice(0, index))
        assert.ok(end <= other.address || address >= other.address + other.values.length * 4);
      for (const { program, start } of all) assert.ok(end <= start || address >= program.workspaceEnd);
    }
  });
});
