import { emitOptimizer } from "../../kernels/optimizer.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";
import type { Job } from "../plan/step-schedule.js";
import type { UpdateRule } from "../plan/update-rules.js";
import { byteTasks } from "./byte-tasks.js";

/** Some of the flat parameter vector, counted in numbers. */
export interface ParameterRange {
  readonly offset: number;
  readonly length: number;
}

/** Parameters as ranges, those that lie behind each other as one. */
export function rangesOf(parameters: readonly ParameterRange[]): ParameterRange[] {
  const ranges: ParameterRange[] = [];
  for (const { offset, length } of parameters) {
    const last = ranges.at(-1);
    if (last && last.offset + last.length === offset)
      ranges[ranges.length - 1] = { offset: last.offset, length: last.length + length };
    else ranges.push({ offset, length });
  }
  return ranges;
}

/** Moves each number of some ranges by its own gradient and state. */
export function elementwiseJob(
  planner: Planner,
  { config, numbers }: Pick<UpdateRule, "config" | "numbers">,
  state: readonly number[],
  ranges: readonly ParameterRange[],
): Job {
  const { emitter, parameters, gradients } = planner;
  const update = emitOptimizer(emitter, config, numbers);
  const [first = 0, second = 0] = state;
  const { tasks, run } = byteTasks(
    emitter,
    ranges.map(({ offset, length }) => ({ from: offset * 4, bytes: length * 4 })),
  );
  return {
    name: config.name,
    tasks,
    run: run(({ f, from, bytes }) => {
      const at = (base: number) => i32.add(from, base);
      f.call(update, {
        weights: at(parameters),
        gradients: at(gradients),
        first: at(first),
        second: at(second),
        bytes,
      });
    }),
  };
}
