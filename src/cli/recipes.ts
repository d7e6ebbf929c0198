import { UsageError } from "../core/errors.js";
import type { TrainingFlags } from "./training-settings.js";

/** What a recipe sets, in groups that hold together: who gives one of a group's flags chooses all of it. */
export interface Recipe {
  readonly groups: readonly Partial<TrainingFlags>[];
}

/** A classifier on a body: few epochs, gently. */
export const fineTuning: Recipe = {
  groups: [
    { epochs: 6 },
    { batchSizeAtMost: 32 },
    { optimizer: "adamw", weightDecay: 0.05 },
    { schedule: "cosine", learningRate: 0.001, warmup: 0.5 },
    { labelSmoothing: 0.1 },
    { augment: "flip,crop=0.5-1" },
    { weightAverage: 0.99 },
  ],
};

/** The same where the head alone is trained: it knows the body's features by then. */
export const headTraining: Recipe = { groups: [{ epochs: 1 }, ...fineTuning.groups.slice(1)] };

/** Photos without a body: a network for small images, varied strongly, since there are few. */
export const photos: Recipe = {
  groups: [
    { model: "resNet20" },
    { imageSize: [64, 64] },
    { epochs: 40 },
    { batchSizeAtMost: 64 },
    { optimizer: "muon", weightDecay: 0.05 },
    { schedule: "cosine", learningRate: 0.02, warmup: 2 },
    { labelSmoothing: 0.1 },
    { augment: "flip,crop=0.35-1,brightness=0.3,contrast=0.3,saturation=0.3" },
    { weightAverage: 0.99 },
  ],
};

/**
 * Flags with a recipe's in the place of those that nobody gave.
 *
 * @param given names of the flags on the command line, as `TrainingFlags` has them
 */
export function withRecipe<Flags extends TrainingFlags>(
  flags: Flags,
  { groups }: Recipe,
  given: ReadonlySet<string>,
): Flags {
  const chosen = groups.filter((group) => !Object.keys(group).some((name) => given.has(name)));
  return Object.assign({}, flags, ...chosen);
}

/** "none", "all", or how many layers. */
export function readUnfreeze(text: string): "none" | "all" | number {
  const word = text.trim();
  if (word === "none" || word === "all") return word;
  if (/^[1-9]\d{0,5}$/u.test(word)) return Number(word);
  throw new UsageError(
    `--unfreeze got "${text}": expected none, all, or how many of the body's last layers with kernels train, such as 10.`,
  );
}
