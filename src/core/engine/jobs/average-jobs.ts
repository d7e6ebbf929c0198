import { emitWeightAverage } from "../../kernels/weight-average.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";

/** Bytes of weights that one task averages. */
const taskBytes = 32 * 1024;

/** Where an average of the weights lies, and the share of this step's weights in it. */
export interface AveragePlaces {
  readonly average: number;
  readonly averageShare: number;
}

/** Adds the stage that moves the average towards the weights of the step. @param length counted in numbers */
export function addWeightAverage(
  { emitter, schedule, parameters }: Planner,
  length: number,
  { average, averageShare }: AveragePlaces,
): void {
  const kernel = emitWeightAverage(emitter, { address: averageShare });
  const bytes = length * 4;
  schedule.stage([
    {
      name: "average of the weights",
      tasks: Math.ceil(bytes / taskBytes),
      run: emitter.module.function(["task", "scratch"], (f, { task }) => {
        const from = f.let(i32.mul(task, taskBytes));
        const left = f.let(i32.sub(bytes, from));
        f.call(kernel, {
          average: i32.add(from, average),
          weights: i32.add(from, parameters),
          bytes: i32.select(i32.ltU(left, taskBytes), left, taskBytes),
        });
      }),
    },
  ]);
}
