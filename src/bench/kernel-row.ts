import type { Planner } from "../core/engine/plan/node.js";
import type { Job } from "../core/engine/plan/step-schedule.js";
import type { Workspace } from "../core/engine/plan/workspace.js";

/** One kernel on one shape. */
export interface KernelRow {
  readonly name: string;
  /** Floating-point operations of one turn; undefined where multiply-adds are not what it does. */
  readonly flops?: number;
  /** Bytes read and written in one turn, each once. */
  readonly bytes: number;
  plan(planner: Planner, memory: Workspace): readonly Job[];
}

export const kernelBatch = 128;
