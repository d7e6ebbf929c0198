import { emitOptimizer } from "../../kernels/optimizer.js";
import type { OptimizerConfig } from "../../optimizers/optimizer.js";
import { i32 } from "../../wasm/index.js";
import { control } from "../control.js";
import type { Planner } from "../plan/node.js";
import type { Job } from "../plan/step-schedule.js";

/** Some of the flat parameter vector, counted in numbers. */
export interface ParameterRange {
  readonly offset: number;
  readonly length: number;
}

/** Bytes of parameters that one task updates. */
const taskBytes = 32 * 1024;

/** Moves each number of some ranges by its own gradient and state. */
export function elementwiseJob(
  planner: Planner,
  config: OptimizerConfig,
  state: readonly number[],
  ranges: readonly ParameterRange[],
): Job {
  const { emitter, parameters, gradients } = planner;
  const update = emitOptimizer(emitter, config, { address: control.stepNumbers });
  const [first = 0, second = 0] = state;
  const shares = ranges.flatMap(({ offset, length }) =>
    Array.from({ length: Math.ceil((length * 4) / taskBytes) }, (_, share) => [
      offset * 4 + share * taskBytes,
      Math.min(taskBytes, length * 4 - share * taskBytes),
    ]),
  );
  const table = emitter.constants(shares.flat());
  return {
    name: config.name,
    tasks: shares.length,
    run: emitter.module.function(["task", "scratch"], (f, { task }) => {
      const entry = f.let(i32.add(i32.mul(task, 8), table));
      const from = f.let(i32.load(entry));
      const at = (base: number) => i32.add(from, base);
      f.call(update, {
        weights: at(parameters),
        gradients: at(gradients),
        first: at(first),
        second: at(second),
        bytes: i32.load(entry, 4),
      });
    }),
  };
}
