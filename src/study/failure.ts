import { messageOf } from "../core/errors.js";
import type { Store } from "../run/store.js";
import { firstDifference } from "./difference.js";
import type { FactorsOf, TrialFailure, TrialPlan } from "./trial.js";
import { trialStore, writeTrialNote } from "./trial-folder.js";

/** Keeps why a trial came to nothing in its place, beside what it was to train with. */
export async function writeFailure<Trial extends TrialPlan>(
  study: Store,
  { id, factors, settings: planned }: Trial,
  error: unknown,
): Promise<TrialFailure<FactorsOf<Trial>>> {
  const message = messageOf(error);
  const settings = asJson(planned);
  await writeTrialNote(trialStore(study, id), { factors, outcome: "failed", epochs: 0, message, settings });
  return { id, factors, message, settings };
}

/** Whether a trial failed with other settings than are planned for it now. */
export const failedWithOthers = (
  { settings: kept }: TrialFailure,
  { settings: planned }: TrialPlan,
): boolean => kept !== undefined && firstDifference(kept, asJson(planned)) !== undefined;

const asJson = (settings: object): object => JSON.parse(JSON.stringify(settings));
