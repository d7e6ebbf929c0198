import { createRandom, permutation } from "../random.js";
import type { Labels } from "./dataset.js";

/** Sets the folds' random streams apart from every other use of the same seed. */
const foldStream = 0x464f4c44;

export interface FoldOptions {
  /** How many, 2 or more. */
  readonly folds: number;
  readonly seed: number;
  /** [N]: images of one number come into one fold (default: each by itself). */
  readonly groups?: Uint32Array;
}

/**
 * Deals images out over folds for a cross-validation, each class evenly: [N], 0 … folds − 1. Class after class, groups are
 * taken in an order that follows from the seed, the large ones first, so that the small ones even them out. Each goes to
 * the fold that has the fewest images of its class, which is its first image's; of several, to the smallest.
 *
 * @param labels [N], each below `classes`
 */
export function dealFolds(
  labels: Labels,
  classes: number,
  { folds, seed, groups }: FoldOptions,
): Uint32Array {
  const members = new Map<number, number[]>();
  for (let image = 0; image < labels.length; image++) {
    const group = groups ? groups[image] : image;
    const known = members.get(group);
    if (known) known.push(image);
    else members.set(group, [image]);
  }
  const byClass = Array.from({ length: classes }, (): number[][] => []);
  for (const group of members.values()) byClass[labels[group[0]]].push(group);
  const sizes = new Uint32Array(folds);
  const foldOf = new Uint32Array(labels.length);
  for (const [label, own] of byClass.entries()) {
    const classSizes = new Uint32Array(folds);
    const order = permutation(own.length, createRandom(foldStream, seed, label));
    const largestFirst = Array.from(order, (at) => own[at]).sort((a, b) => b.length - a.length);
    for (const group of largestFirst) {
      let least = 0;
      for (let fold = 1; fold < folds; fold++) {
        const more = classSizes[fold] - classSizes[least] || sizes[fold] - sizes[least];
        if (more < 0) least = fold;
      }
      for (const image of group) foldOf[image] = least;
      classSizes[least] += group.length;
      sizes[least] += group.length;
    }
  }
  return foldOf;
}
