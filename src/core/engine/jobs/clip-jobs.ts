import { emitClip, emitSquareSum } from "../../kernels/clip.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";

/** Bytes of gradients that one task sums or scales, at least. */
const taskBytes = 32 * 1024;

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
  const count = Math.ceil(bytes / share);
  if (count === 0) return;
  const sums = workspace.allocate(count * 4);
  const shares = Array.from({ length: count }, (_, task) => [
    gradients + task * share,
    Math.min(share, bytes - task * share),
  ]);
  const table = emitter.constants(shares.flat());
  const squareSum = emitSquareSum(emitter);
  const clip = emitClip(emitter, { count, clipNorm });
  const sum = emitter.module.function(["task", "scratch"], (f, { task }) => {
    const entry = f.let(i32.add(i32.mul(task, 8), table));
    const out = i32.add(i32.mul(task, 4), sums);
    f.call(squareSum, { from: i32.load(entry), bytes: i32.load(entry, 4), out });
  });
  const scale = emitter.module.function(["task", "scratch"], (f, { task }) => {
    const entry = f.let(i32.add(i32.mul(task, 8), table));
    f.call(clip, { sums, gradients: i32.load(entry), bytes: i32.load(entry, 4) });
  });
  schedule.stage([{ name: "norm of the gradients", tasks: count, run: sum }]);
  schedule.stage([{ name: "clip gradients", tasks: count, run: scale }]);
}
