import { emitClip, emitSquareSum } from "../../kernels/clip.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";
import { byteTasks, taskBytes } from "./byte-tasks.js";

/** Every task of the second stage adds up the sums of all: there must not be too many. */
const mostTasks = 256;

/**
 * Adds the stages that scale all gradients to a global norm: sums of squares over shares that the number of gradients
 * alone decides, then each share by what they add up to.
 *
 * @param length of the gradients, counted in numbers
 */
export function addClipping(planner: Planner, length: number, clipNorm: number): void {
  const { emitter, schedule, workspace, gradients } = planner;
  const bytes = length * 4;
  const share = Math.ceil(Math.max(taskBytes, bytes / mostTasks) / 64) * 64;
  const { tasks, run } = byteTasks(emitter, [{ from: gradients, bytes }], share);
  if (tasks === 0) return;
  const sums = workspace.allocate(tasks * 4);
  const squareSum = emitSquareSum(emitter);
  const clip = emitClip(emitter, { count: tasks, clipNorm });
  const sum = run(({ f, task, from, bytes }) => {
    f.call(squareSum, { from, bytes, out: i32.add(i32.mul(task, 4), sums) });
  });
  const scale = run(({ f, from, bytes }) => {
    f.call(clip, { sums, gradients: from, bytes });
  });
  schedule.stage([{ name: "norm of the gradients", tasks, run: sum }]);
  schedule.stage([{ name: "clip gradients", tasks, run: scale }]);
}
