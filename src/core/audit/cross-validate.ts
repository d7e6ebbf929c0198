import type { Labels } from "../data/dataset.js";
import { dealFolds } from "../data/folds.js";
import { checkLabelRange, classesKind, labelsKind } from "../data/labels.js";
import { checkGroups, groupsKind } from "../data/split.js";
import { HeddleError, UsageError } from "../errors.js";
import {
  checkValue,
  functionKind,
  type OptionTable,
  received,
  resolveOptions,
  wholeNumber,
} from "../options/index.js";

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

const crossValidateOptions = {
  folds: { meaning: "parts that the images are shared out over", kind: wholeNumber({ from: 2 }) },
  seed: { meaning: "decides which images are held out together", kind: wholeNumber() },
  groups: {
    meaning: "a number an image: those of one number are held out together",
    kind: groupsKind,
    otherwise: "each is by itself",
  },
  predictFold: {
    meaning: "learns from some images and gives the probabilities of others",
    kind: functionKind<PredictFold>(),
  },
} satisfies OptionTable<CrossValidateOptions>;

/**
 * Probabilities of every image by a model that didn't learn from it, or from its duplicates (Stone 1974): the images are
 * shared out over folds, each class evenly, and each fold is predicted by what learned from all others.
 *
 * @param labels [N], each below `classes`
 * @returns [N, classes]
 * @throws UsageError on arguments that can't be, or where something else than a fold's probabilities comes back.
 * @throws HeddleError where a fold would be empty, and on a label beyond the classes.
 */
export async function crossValidate(
  labels: Labels,
  classes: number,
  options: CrossValidateOptions,
): Promise<Float32Array> {
  const owner = "crossValidate";
  checkValue(owner, "labels", labels, labelsKind);
  checkValue(owner, "classes", classes, classesKind);
  const { folds, seed, groups, predictFold } = resolveOptions(owner, options, crossValidateOptions);
  checkLabelRange(labels, classes, owner);
  if (groups) checkGroups(owner, groups, labels.length);
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
    const found: unknown = await predictFold({ fold, folds, train, held });
    const given = found instanceof Float32Array ? `${found.length} probabilities` : received(found);
    if (!(found instanceof Float32Array) || found.length !== held.length * classes) {
      throw new UsageError(
        `Fold ${fold + 1} gave ${given} for ${held.length} images of ${classes} classes: expected a Float32Array of ${held.length * classes} probabilities, image after image.`,
      );
    }
    for (let place = 0; place < held.length; place++)
      probabilities.set(found.subarray(place * classes, (place + 1) * classes), held[place] * classes);
  }
  return probabilities;
}
