import type { Planner } from "../core/engine/plan/node.js";
import type { Job } from "../core/engine/plan/step-schedule.js";
import type { Arguments, FunctionReference, I32 } from "../core/wasm/index.js";
import { kernelBatch } from "./kernel-row.js";

/** A job that calls a kernel once a sample with addresses of its own for each. */
export function perSample<Name extends string>(
  planner: Planner,
  name: string,
  kernel: FunctionReference<Name>,
  args: (sample: I32) => Arguments<Name>,
): Job[] {
  const run = planner.emitter.module.function(["task", "scratch"], (f, { task }) =>
    f.call(kernel, args(task)),
  );
  return [{ name, tasks: kernelBatch, run }];
}
