import type { Labels } from "../data/dataset.js";
import { createRandom, permutation } from "../random.js";

/** Sets the folds' random stream apart from every other use of the same seed. */
const foldStream = 0x464f4c44;

export interface FoldOptions {
  /** How many, 2 or more. */
  readonly folds: number;
  readonly seed: number;
  /** [N]: images of one number come into one fold (default: each by itself). */
  readonly groups?: Uint32Array;
}

/**
 * Shares images out over folds, each class evenly: [N], 0 … folds − 1. Groups are taken in an order that follows from the
 * seed, class after class, and each goes to the fold that has the fewest images of its first image's class; of several, to the smallest.
 *
 * @param labels [N], each below `classes`
 */
export function shareFolds(
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
    for (const index of permutation(own.length, createRandom(foldStream, seed, label))) {
      let least = 0;
      for (let fold = 1; fold < folds; fold++) {
        const more = classSizes[fold] - classSizes[least] || sizes[fold] - sizes[least];
        if (more < 0) least = fold;
      }
      for (const image of own[index]) foldOf[image] = least;
      classSizes[least] += own[index].length;
      sizes[least] += own[index].length;
    }
  }
  return foldOf;
}
