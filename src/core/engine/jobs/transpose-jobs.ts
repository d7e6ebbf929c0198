import { emitTranspose, type TransposeShape } from "../../kernels/transpose.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";

/** Transposed weights for the way back, made beside the first stage: a task a block of eight input channels. */
export function addTranspose(
  planner: Planner,
  name: string,
  shape: TransposeShape,
  from: number,
  to: number,
): void {
  const transpose = emitTranspose(planner.emitter, shape);
  planner.schedule.besideFirst({
    name: `${name} transpose`,
    tasks: Math.ceil(shape.inChannels / 8),
    run: planner.emitter.module.function(["task", "scratch"], (f, { task }) =>
      f.call(transpose, { from, to, firstBlock: task, endBlock: i32.add(task, 1) }),
    ),
  });
}
