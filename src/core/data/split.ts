import { HeddleError, UsageError } from "../errors.js";
import {
  checkValue,
  type OptionTable,
  resolveOptions,
  share,
  typedArray,
  wholeNumber,
} from "../options/index.js";
import { createRandom, permutation } from "../random.js";
import type { Labels, Split } from "./dataset.js";
import { checkLabelRange, classesKind, countLabels, labelsKind } from "./labels.js";
import { validatingGroups } from "./split-groups.js";

/** How a training set is split; only the seed must be given. */
export interface SplitOptions {
  /** Take this many training images first, as many of each class (default: all). */
  readonly limit?: number | undefined;
  /** Share of each class that validates, 0 ≤ share < 1 (default 0.2). */
  readonly validationShare?: number | undefined;
  /** Decides which images validate. */
  readonly seed: number;
  /** [N]: images of one number are never parted (default: each is by itself). */
  readonly groups?: Uint32Array | undefined;
}

/** The paper's. */
export const usualValidationShare = 0.2;

export const groupsKind = typedArray("Uint32Array");

const splitOptions = {
  limit: {
    meaning: "takes this many training images first, as many of each class",
    kind: wholeNumber({ from: 1 }),
    otherwise: "all",
  },
  validationShare: {
    meaning: "share of each class that validates",
    kind: share(),
    default: usualValidationShare,
  },
  seed: { meaning: "decides which images validate", kind: wholeNumber() },
  groups: {
    meaning: "a number an image: those of one number are never parted",
    kind: groupsKind,
    otherwise: "each is by itself",
  },
} satisfies OptionTable<SplitOptions>;

/** Sets the split's random streams apart from every other use of the same seed. */
const splitStream = 0x53504c54;

/**
 * Splits training images at random and evenly per class; both parts list their images in ascending order.
 *
 * Each class is put in an order that follows from (seed, class, its size) alone; `limit` keeps the first
 * `limit / classes` of it, and the first `validationShare` of what is kept, rounded, validates. A class of two
 * or more has an image in each part. Where there are groups, whole ones validate, the shares as near as that allows.
 * @param labels [N], each below `classes`.
 * @throws UsageError on an argument that can't be.
 * @throws HeddleError on a label beyond the classes, a limit below twice the number of classes, or below it where none
 * validates, or not divisible by it, or a class of too few images.
 */
export function splitDataset(labels: Labels, classes: number, options: SplitOptions): Split {
  checkValue("splitDataset", "labels", labels, labelsKind);
  checkValue("splitDataset", "classes", classes, classesKind);
  const { limit, validationShare, seed, groups } = resolveOptions("splitDataset", options, splitOptions);
  checkLabelRange(labels, classes, "splitDataset");
  if (groups) checkGroups("splitDataset", groups, labels.length);
  if (limit !== undefined) {
    const problem = limitProblem(limit, classes, validationShare > 0);
    if (problem) throw new HeddleError(problem);
  }
  const perClass = limit === undefined ? undefined : limit / classes;
  const orders = membersByClass(labels, classes).map((members, label) => {
    if (perClass !== undefined && members.length < perClass) {
      throw new HeddleError(
        `A limit of ${limit} takes ${perClass} images of each of the ${classes} classes, but class ${label} has ${members.length}. Lower the limit.`,
      );
    }
    const order = permutation(members.length, createRandom(splitStream, seed, label));
    return Array.from(order.subarray(0, perClass), (place) => members[place]);
  });
  const wanted = orders.map(({ length }) => validationCount(length, validationShare));
  const validation = groups
    ? validatingGroups(orders, wanted, { labels, groups })
    : orders.flatMap((order, label) => order.slice(0, wanted[label]));
  const validates = new Set(validation);
  const train = orders.flat().filter((image) => !validates.has(image));
  if (train.length === 0 || (validation.length === 0 && validationShare > 0)) {
    const together = groups ? " that may be parted" : "";
    throw new HeddleError(
      `${train.length + validation.length} training images in ${classes} classes are too few to split: expected at least 2 of a class${together}, one to train on and one to validate with.`,
    );
  }
  return { train: Uint32Array.from(train).sort(), validation: Uint32Array.from(validation).sort() };
}

/** @throws UsageError unless there is one a label */
export function checkGroups(place: string, groups: Uint32Array, images: number): void {
  if (groups.length === images) return;
  throw new UsageError(
    `${place}: groups has a length of ${groups.length}; give a number for each of the ${images} images.`,
  );
}

/**
 * Holds a limit of training images against a number of classes that is known before any data is read.
 * @throws UsageError when it can't be shared out evenly with two images of each class.
 */
export function checkLimit(limit: number, classes: number): void {
  const problem = limitProblem(limit, classes, true);
  if (problem) throw new UsageError(problem);
}

function limitProblem(limit: number, classes: number, someValidate: boolean): string | undefined {
  const least = someValidate ? 2 * classes : classes;
  if (!Number.isInteger(limit) || limit < least) {
    const why = someValidate ? " to train on and one to validate with" : "";
    return `A limit of ${limit} training images is too low for ${classes} classes: expected a whole number of at least ${least}, one image of each class${why}.`;
  }
  if (limit % classes === 0) return undefined;
  const below = limit - (limit % classes);
  return `A limit of ${limit} training images can't be shared out evenly: expected a multiple of ${classes}, the number of classes, such as ${below} or ${below + classes}.`;
}

function validationCount(kept: number, share: number): number {
  if (share === 0 || kept < 2) return 0;
  return Math.min(kept - 1, Math.max(1, Math.round(kept * share)));
}

function membersByClass(labels: Labels, classes: number): Uint32Array[] {
  const members = Array.from(countLabels(labels, classes), (count) => new Uint32Array(count));
  const filled = new Uint32Array(classes);
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index];
    members[label][filled[label]++] = index;
  }
  return members;
}
