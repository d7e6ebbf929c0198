import { mebibytes } from "../../words.js";
import type { NetworkOptions } from "../network.js";
import { largestArena } from "../threads/memory.js";
import { type NetworkPlan, planNetwork } from "./plan.js";

/** Plans that are made to find a batch size that fits. */
const tries = 6;

/** What a plan that has no room takes its memory for, and what would have room. */
export function memoryRemedy(options: NetworkOptions, plan: NetworkPlan): string {
  const { trainBatchSize } = options;
  const { places } = plan.base;
  const limit = Math.min(largestArena, options.platform.availableMemory?.() ?? largestArena);
  const step = plan.arenaBytes - places.workspace;
  const counted =
    `Of these, ${mebibytes(places.workspace)} are for weights, optimizer, tables and a step's images, ` +
    `${mebibytes(step)} for ${trainBatchSize > 0 ? `training steps of ${trainBatchSize}` : "predictions"}.`;
  const batch = fittingBatch(options, plan, limit);
  if (batch) return `${counted} Use a batch size of at most ${batch} (now ${trainBatchSize}).`;
  return `${counted} Use smaller images, or a smaller model.`;
}

/** The batch size that such a network can be planned for, if there is one. */
function fittingBatch(options: NetworkOptions, plan: NetworkPlan, limit: number): number | undefined {
  let batch = options.trainBatchSize;
  let current = plan;
  for (let attempt = 0; attempt < tries && current.trainer; attempt++) {
    const { workspace } = current.base.places;
    const share = (limit - workspace) / (current.trainer.workspaceEnd - workspace);
    batch = Math.min(batch - 1, Math.floor(batch * share));
    if (batch < 1) return undefined;
    current = planNetwork({ ...options, trainBatchSize: batch }, false);
    if (current.arenaBytes <= limit) return batch;
  }
  return undefined;
}
