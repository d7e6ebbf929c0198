import { emitWeightAverage } from "../../kernels/weight-average.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";
import { byteTasks } from "./byte-tasks.js";

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
  const { tasks, run } = byteTasks(emitter, [{ from: 0, bytes: length * 4 }]);
  schedule.stage([
    {
      name: "average of the weights",
      tasks,
      run: run(({ f, from, bytes }) => {
        f.call(kernel, { average: i32.add(from, average), weights: i32.add(from, parameters), bytes });
      }),
    },
  ]);
}
