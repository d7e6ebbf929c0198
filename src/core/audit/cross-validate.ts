import type { Labels } from "../data/dataset.js";
import { dealFolds } from "../data/folds.js";
import { HeddleError } from "../errors.js";

/** One round of a cross-validation. */
export interface FoldRound {
  /** From 0. */
  readonly fold: number;
  readonly folds: number;
  /** Images to learn from, ascending. */
  readonly train: Uint32Array;
  /** Images to predict, ascending; none of those, and of no group of theirs. */
  readonly held: Uint32Array;
}

/** Learns from some images and gives the probabilities of others: [held.length, classes]. */
export type PredictFold = (round: FoldRound) => Promise<Float32Array>;

/** How images are shared out, and who learns. */
export interface CrossValidateOptions {
  /** How many, 2 or more. */
  readonly folds: number;
  /** Decides which images are held out together. */
  readonly seed: number;
  /** [N]: images of one number are held out together. */
  readonly groups?: Uint32Array | undefined;
  /** A network's training, or anything else that learns. */
  readonly predictFold: PredictFold;
}

/**
 * Probabilities of every image by a model that didn't learn from it, or from its duplicates (Stone 1974): the images are
 * shared out over folds, each class evenly, and each fold is predicted by what learned from all others.
 *
 * @param labels [N], each below `classes`
 * @returns [N, classes]
 * @throws HeddleError where a fold would be empty, or something else than its probabilities comes back.
 */
export async function crossValidate(
  labels: Labels,
  classes: number,
  { folds, seed, groups, predictFold }: CrossValidateOptions,
): Promise<Float32Array> {
  const foldOf = dealFolds(labels, classes, { folds, seed, groups });
  const probabilities = new Float32Array(labels.length * classes);
  const all = Uint32Array.from(foldOf.keys());
  for (let fold = 0; fold < folds; fold++) {
    const held = all.filter((image) => foldOf[image] === fold);
    const train = all.filter((image) => foldOf[image] !== fold);
    if (held.length === 0 || train.length === 0) {
      throw new HeddleError(
        `${labels.length} images can't be shared out over ${folds} folds, duplicates kept together: give more images, or take fewer folds.`,
      );
    }
    const found = await predictFold({ fold, folds, train, held });
    if (found.length !== held.length * classes) {
      throw new HeddleError(
        `Fold ${fold + 1} gave ${found.length} probabilities for ${held.length} images of ${classes} classes: expected ${held.length * classes}.`,
      );
    }
    for (let place = 0; place < held.length; place++)
      probabilities.set(found.subarray(place * classes, (place + 1) * classes), held[place] * classes);
  }
  return probabilities;
}
