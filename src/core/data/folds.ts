import { createRandom, permutation } from "../random.js";
import type { Labels } from "./dataset.js";

/** Sets the folds' random streams apart from every other use of the same seed. */
const foldStream = 0x464f4c44;

/**
 * Deals images out into parts for cross-validation, each class as evenly as can be: [N], the part of each image, below
 * `count`. Images of one group come to one part. It follows from the seed alone.
 *
 * @param labels [N], each below `classes`
 */
export function dealFolds(
  labels: Labels,
  classes: number,
  { count, seed, groups }: { readonly count: number; readonly seed: number; readonly groups?: Uint32Array },
): Uint8Array {
  const folds = new Uint8Array(labels.length);
  const members = new Map<number, number[]>();
  for (let image = 0; image < labels.length; image++) {
    // Those without a group are groups of one, counted behind all others.
    const group = groups ? groups[image] : image;
    const together = members.get(group);
    if (together) together.push(image);
    else members.set(group, [image]);
  }
  const byClass = Array.from({ length: classes }, (): number[][] => []);
  // A group of several classes counts as one of its first.
  for (const together of members.values()) byClass[labels[together[0]]].push(together);
  /** Images of each class in each part so far. */
  const held = Array.from({ length: classes }, () => new Uint32Array(count));
  let next = 0;
  for (const [label, groupsOf] of byClass.entries()) {
    const order = permutation(groupsOf.length, createRandom(foldStream, seed, label));
    const shuffled = Array.from(order, (at) => groupsOf[at]);
    // The large ones first, so that the small ones even them out.
    shuffled.sort((a, b) => b.length - a.length);
    for (const together of shuffled) {
      let fold = next;
      for (let step = 1; step < count; step++) {
        const other = (next + step) % count;
        if (held[label][other] < held[label][fold]) fold = other;
      }
      for (const image of together) folds[image] = fold;
      held[label][fold] += together.length;
      next = (fold + 1) % count;
    }
  }
  return folds;
}
