import { type DistilledLoss, lossPartsBytes } from "../kernels/softmax.js";
import { log } from "../math/index.js";
import type { StepResult, TrainStep } from "./network.js";
import type { NetworkPlan } from "./program/plan.js";
import type { Program } from "./program/program.js";
import type { ArenaMemory } from "./threads/memory.js";

/** What each sample's loss is, smoothed and weighted where asked, summed in double precision in sample order; and who was right. */
export function stepResult(
  program: Program,
  {
    labels,
    targets,
    weights,
  }: Pick<TrainStep, "targets" | "weights"> & { readonly labels: ArrayLike<number> },
  { floats }: ArenaMemory,
  { base, classes }: Pick<NetworkPlan, "base" | "classes">,
): StepResult {
  const { labelSmoothing: smoothing, loss: name } = base;
  let lossSum = 0;
  let correct = 0;
  for (let sample = 0; sample < program.batch; sample++) {
    const parts = (program.lossParts + sample * lossPartsBytes) / 4;
    const first = (program.logits + sample * program.logitsBytes) / 4;
    const logits = floats.subarray(first, first + classes);
    let loss = floats[parts] / classes;
    if (name === "crossEntropy") {
      loss = base.distillation
        ? distilledLoss(floats.subarray(parts, parts + 4), base.distillation)
        : floats[parts] +
          log(floats[parts + 1]) -
          ((1 - smoothing) * floats[parts + 2] + smoothing * floats[parts + 3]);
      if (largest(logits) === labels[sample]) correct++;
    } else if (targets) correct += shareOnItsSide(logits, targets.subarray(sample * classes));
    lossSum += weights ? weights[sample] * loss : loss;
  }
  return { lossSum, correct };
}

/** Of what the kernel leaves of a sample: see `DistilledLoss`. */
function distilledLoss(
  [most, sum, ofTarget, softSum]: Float32Array,
  { weight, temperature }: DistilledLoss,
): number {
  const soft = most / temperature + log(softSum);
  return (1 - weight) * (most + log(sum)) + weight * temperature * temperature * soft - ofTarget;
}

function largest(logits: Float32Array): number {
  let best = 0;
  for (let index = 1; index < logits.length; index++) if (logits[index] > logits[best]) best = index;
  return best;
}

/** The share of labels whose probability is at least ½ where their target is, and below where that is below. */
function shareOnItsSide(logits: Float32Array, targets: Float32Array): number {
  let right = 0;
  for (let label = 0; label < logits.length; label++)
    if (logits[label] >= 0 === targets[label] >= 0.5) right++;
  return right / logits.length;
}
