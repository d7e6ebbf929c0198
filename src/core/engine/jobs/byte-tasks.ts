import type { Emitter } from "../../kernels/emitter.js";
import { type FunctionBuilder, i32, type Local } from "../../wasm/index.js";
import type { Job } from "../plan/step-schedule.js";

/** Some neighbouring bytes. */
export interface ByteRange {
  readonly from: number;
  readonly bytes: number;
}

/** Bytes that a task goes through number by number. */
export const taskBytes = 32 * 1024;

/** What a task on a part of a range is emitted with. */
export interface ByteTask {
  readonly f: FunctionBuilder;
  readonly task: Local<"i32">;
  readonly from: Local<"i32">;
  readonly bytes: Local<"i32">;
}

/** Ranges cut into parts of so many bytes, one a task, and what makes a job's function over them. */
export function byteTasks(
  emitter: Emitter,
  ranges: readonly ByteRange[],
  most = taskBytes,
): { readonly tasks: number; run(write: (task: ByteTask) => void): Job["run"] } {
  const parts = ranges.flatMap(({ from, bytes }) =>
    Array.from({ length: Math.ceil(bytes / most) }, (_, part) => [
      from + part * most,
      Math.min(most, bytes - part * most),
    ]),
  );
  const table = emitter.constants(parts.flat());
  return {
    tasks: parts.length,
    run: (write) =>
      emitter.module.function(["task", "scratch"], (f, { task }) => {
        const entry = f.let(i32.add(i32.mul(task, 8), table));
        write({ f, task, from: f.let(i32.load(entry)), bytes: f.let(i32.load(entry, 4)) });
      }),
  };
}
