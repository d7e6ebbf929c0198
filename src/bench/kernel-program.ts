import { control } from "../core/engine/control.js";
import { Arena } from "../core/engine/plan/arena.js";
import type { Planner } from "../core/engine/plan/node.js";
import { type Job, StepSchedule } from "../core/engine/plan/step-schedule.js";
import { Workspace } from "../core/engine/plan/workspace.js";
import { hasFusedMultiplyAdd } from "../core/engine/probe.js";
import { counterBytes, emitRun } from "../core/engine/program/run.js";
import { allocateMemory } from "../core/engine/threads/memory.js";
import { Team } from "../core/engine/threads/team.js";
import { portableArithmetic, relaxedArithmetic } from "../core/kernels/arithmetic.js";
import { narrowTiling } from "../core/kernels/tiling.js";
import { ModuleBuilder } from "../core/wasm/index.js";
import { nodePlatform } from "../node/platform.js";

/** Some jobs made ready to run alone, on memory filled with small numbers. */
export interface KernelProgram {
  run(): Promise<void>;
  close(): Promise<void>;
}

const tableBytes = 1024 * 1024;

/** Plans jobs as a network's step would and starts threads for them. */
export async function createKernelProgram(
  batch: number,
  threads: number,
  plan: (planner: Planner, memory: Workspace) => readonly Job[],
): Promise<KernelProgram> {
  const module = new ModuleBuilder({ maximumPages: 65_536, shared: true });
  const own = new Arena(control.end);
  const tables: { address: number; values: readonly number[] }[] = [];
  const arithmetic = hasFusedMultiplyAdd() ? relaxedArithmetic : portableArithmetic;
  const emitter = {
    module,
    arithmetic,
    tiling: nodePlatform.tiling?.(arithmetic.relaxed) ?? narrowTiling,
    constants: (values: readonly number[]) => {
      const address = own.allocate(values.length * 4);
      tables.push({ address, values });
      return address;
    },
  };
  const workspace = new Workspace(control.end + tableBytes, () => ({ count: 0, open: true }), true);
  const putOff: Job[] = [];
  const planner: Planner = {
    emitter,
    schedule: new StepSchedule(emitter, batch),
    workspace,
    batch,
    training: true,
    parameters: 0,
    gradients: 0,
    clears: [],
    later: (job) => putOff.push(job),
    changesModel: () => {},
    dropoutKey: () => control.message,
  };
  const asked = plan(planner, workspace);
  const stages = [{ jobs: [...asked, ...putOff], preparation: false }];
  const scratchBytes = Math.max(1 << 16, planner.schedule.scratchBytes, workspace.ends.scratch);
  const scratch = workspace.allocate(scratchBytes * threads);
  const counters = own.allocate(counterBytes(stages.length, threads));
  const spins = threads <= nodePlatform.cores ? 20_000 : 0;
  emitRun(emitter, stages, { threads, counters, scratch, scratchBytes, spins });
  const memory = allocateMemory(workspace.ends.arena, true, () => "Close other programs.");
  const { floats, words } = memory;
  const firstData = (control.end + tableBytes) / 4;
  for (let at = firstData; at < floats.length; at++) floats[at] = ((at * 7919) % 251) / 125 - 1;
  for (const { address, values } of tables) words.set(values, address / 4);
  const team = await Team.start(nodePlatform, memory, threads, 60_000);
  const id = team.load(module.bytes());
  return { run: () => team.run(id), close: () => team.close() };
}
