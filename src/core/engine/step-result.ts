import { lossPartsBytes } from "../kernels/softmax.js";
import type { StepResult } from "./network.js";
import type { NetworkPlan } from "./program/plan.js";
import type { Program } from "./program/program.js";
import type { ArenaMemory } from "./threads/memory.js";

/** −log softmax at the label, smoothed and weighted where asked, summed in double precision in sample order; and who was right. */
export function stepResult(
  program: Program,
  { labels, weights }: { readonly labels: ArrayLike<number>; readonly weights?: ArrayLike<number> },
  { floats }: ArenaMemory,
  { base, classes }: Pick<NetworkPlan, "base" | "classes">,
): StepResult {
  const smoothing = base.labelSmoothing;
  let lossSum = 0;
  let correct = 0;
  for (let sample = 0; sample < program.batch; sample++) {
    const parts = (program.lossParts + sample * lossPartsBytes) / 4;
    const logits = (program.logits + sample * program.logitsBytes) / 4;
    const target = (1 - smoothing) * floats[parts + 2] + smoothing * floats[parts + 3];
    const loss = floats[parts] + Math.log(floats[parts + 1]) - target;
    lossSum += weights ? weights[sample] * loss : loss;
    let best = 0;
    for (let index = 1; index < classes; index++)
      if (floats[logits + index] > floats[logits + best]) best = index;
    if (best === labels[sample]) correct++;
  }
  return { lossSum, correct };
}
