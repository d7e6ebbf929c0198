import { evenSplit } from "../../kernels/tiling.js";
import { type FunctionBuilder, i32, type Local } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";
import type { Job } from "../plan/step-schedule.js";

/** What a task on a group of neighbouring samples is emitted with. */
export interface GroupContext {
  readonly f: FunctionBuilder;
  /** The group's first sample. */
  readonly sample: Local<"i32">;
  /** The group's number. */
  readonly group: Local<"i32">;
  readonly scratch: Local<"i32">;
}

/** A job whose tasks are groups of at most `largest` samples, as even as can be; emitted for both sizes. */
export function groupJob(
  planner: Planner,
  name: string,
  largest: number,
  write: (context: GroupContext, samples: number) => void,
): Job {
  const { module } = planner.emitter;
  const sizes = evenSplit(planner.batch, largest);
  const kinds = [...new Set(sizes)].map((size) =>
    module.function(["sample", "group", "scratch"], (f, own) => write({ f, ...own }, size)),
  );
  const larger = sizes.filter((size) => size === sizes[0]).length;
  return {
    name,
    tasks: sizes.length,
    run: module.function(["task", "scratch"], (f, { task, scratch }) => {
      const before = i32.select(i32.ltU(task, larger), 0, i32.sub(task, larger));
      const sample = f.let(i32.sub(i32.mul(task, sizes[0]), before));
      const call = (kind: number): void => f.call(kinds[kind], { sample, group: task, scratch });
      if (kinds.length === 1) call(0);
      else
        f.if(
          i32.ltU(task, larger),
          () => call(0),
          () => call(1),
        );
    }),
  };
}
