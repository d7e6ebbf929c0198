import type { NearDuplicates } from "../data/near-duplicates.js";
import { type PartName, type Pooled, placeOf } from "./pooled.js";

/** Images that are one picture. */
export interface DuplicateGroup {
  /** Of the pooled images, ascending; two or more. */
  readonly images: readonly number[];
  /** Whether all have the same bytes. */
  readonly exact: boolean;
  /** The greatest distance that joins them. */
  readonly distance: number;
  /** Whether their labels differ: one at least is wrong. */
  readonly conflicting: boolean;
  /** The parts that they are in, more than one where what judges a model was learned by it. */
  readonly parts: readonly PartName[];
}

/** Groups of two and more: those with conflicting labels first, then leaks between parts, then the nearest. */
export function duplicateGroups({ groups, pairs }: NearDuplicates, pool: Pooled): readonly DuplicateGroup[] {
  const members = new Map<number, number[]>();
  for (const [image, group] of groups.entries()) {
    const known = members.get(group);
    if (known) known.push(image);
    else members.set(group, [image]);
  }
  const links = new Map<number, { distance: number; exact: boolean }>();
  for (const { first, distance, exact } of pairs) {
    const before = links.get(groups[first]) ?? { distance: 0, exact: true };
    links.set(groups[first], {
      distance: Math.max(before.distance, distance),
      exact: before.exact && exact,
    });
  }
  const found = Array.from(links, ([group, link]): DuplicateGroup => {
    const images = members.get(group)!;
    const parts = new Set(images.map((image) => placeOf(pool, image).part));
    const labels = new Set(images.map((image) => pool.labels[image]));
    return { images, ...link, conflicting: labels.size > 1, parts: [...parts] };
  });
  return found.sort(
    (a, b) =>
      Number(b.conflicting) - Number(a.conflicting) ||
      Number(isLeak(b)) - Number(isLeak(a)) ||
      a.distance - b.distance ||
      a.images[0] - b.images[0],
  );
}

/** Whether one picture is in several parts. */
export const isLeak = ({ parts }: DuplicateGroup): boolean => parts.length > 1;
