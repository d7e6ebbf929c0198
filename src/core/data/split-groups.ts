import type { Labels } from "./dataset.js";

/** Images that are never parted. */
interface Unit {
  readonly images: number[];
  /** How many of them are of each class. */
  readonly ofClass: Map<number, number>;
}

/** What tells apart units that a split would not take for each other: how many images they have of each class. */
const kindOf = ({ ofClass }: Unit): string => [...ofClass].sort(([a], [b]) => a - b).join(";");

const oneOfEachKind = (units: readonly Unit[]): Unit[] => [
  ...new Map(units.map((unit) => [kindOf(unit), unit])).values(),
];

/** How many classes' counts are looked at for exchanges, a second's worth: thousands of groups have millions of pairs. */
const mostLooks = 1_000_000;

/**
 * Which images validate where groups are never parted: class by class, each in its order, a group is taken as a whole
 * where that brings the classes' numbers nearer to those that are wanted. So images that are each a group of their own
 * are split as images without groups are. Where the numbers are more than a hundredth off, groups are then taken, left or
 * exchanged as long as that comes nearer and takes no more than a second or so.
 *
 * A class of two or more groups has one in each part, however large they are, unless a group that it shares with another
 * class would then leave that one nothing to train on.
 *
 * @param orders of each class, those of its images that are taken at all
 * @param wanted of each class, how many of them shall validate
 * @returns in no order
 */
export function validatingGroups(
  orders: readonly (readonly number[])[],
  wanted: readonly number[],
  { labels, groups }: { readonly labels: Labels; readonly groups: Uint32Array },
): number[] {
  const units = unitsOf(orders, labels, groups);
  const have = new Uint32Array(orders.length);
  const taken = new Set<Unit>();
  const leavesSome = ({ ofClass }: Unit): boolean =>
    [...ofClass].every(([label, count]) => have[label] + count < orders[label].length);
  const take = (unit: Unit): void => {
    taken.add(unit);
    for (const [label, count] of unit.ofClass) have[label] += count;
  };
  /** How much nearer the numbers come. */
  const gain = (counts: ReadonlyMap<number, number>): number => {
    let sum = 0;
    for (const [label, count] of counts) {
      const missing = wanted[label] - have[label];
      sum += Math.abs(missing) - Math.abs(missing - count);
    }
    return sum;
  };
  for (const order of orders) {
    for (const image of order) {
      const unit = units.get(groups[image])!;
      if (!taken.has(unit) && gain(unit.ofClass) > 0 && leavesSome(unit)) take(unit);
    }
  }
  for (const [label, order] of orders.entries()) {
    if (have[label] > 0 || wanted[label] === 0) continue;
    const left = [...new Set(order.map((image) => units.get(groups[image])!))].filter(leavesSome);
    const smallest = left.sort((a, b) => a.images.length - b.images.length).at(0);
    if (smallest) take(smallest);
  }
  /** What leaving one and taking another makes of each class. */
  const change = (left?: Unit, entered?: Unit): ReadonlyMap<number, number> => {
    const counts = new Map(entered?.ofClass);
    for (const [label, count] of left?.ofClass ?? []) counts.set(label, (counts.get(label) ?? 0) - count);
    return counts;
  };
  const isNearer = (counts: ReadonlyMap<number, number>): boolean => {
    const inBothParts = [...counts].every(([label, count]) => {
      const next = have[label] + count;
      return next < orders[label].length && (next > 0 || have[label] === 0);
    });
    return inBothParts && gain(counts) > 0;
  };
  let looks = 0;
  const exchange = (): boolean => {
    looks += units.size;
    const outside = oneOfEachKind([...units.values()].filter((unit) => !taken.has(unit)));
    for (const left of [undefined, ...oneOfEachKind([...taken])]) {
      for (const entered of [undefined, ...outside]) {
        const counts = change(left, entered);
        looks += counts.size;
        if (looks > mostLooks) return false;
        if (!isNearer(counts)) continue;
        if (left) taken.delete(left);
        if (entered) taken.add(entered);
        for (const [label, count] of counts) have[label] += count;
        return true;
      }
    }
    return false;
  };
  // Of many small groups the first are near enough.
  const isFar = (): boolean => {
    const off = wanted.reduce((sum, count, label) => sum + Math.abs(count - have[label]), 0);
    return off * 100 > wanted.reduce((sum, count) => sum + count, 0);
  };
  while (isFar() && exchange());
  return [...taken].flatMap(({ images }) => images);
}

function unitsOf(
  orders: readonly (readonly number[])[],
  labels: Labels,
  groups: Uint32Array,
): Map<number, Unit> {
  const units = new Map<number, Unit>();
  for (const image of orders.flat()) {
    const group = groups[image];
    let unit = units.get(group);
    if (!unit) {
      unit = { images: [], ofClass: new Map() };
      units.set(group, unit);
    }
    unit.images.push(image);
    unit.ofClass.set(labels[image], (unit.ofClass.get(labels[image]) ?? 0) + 1);
  }
  return units;
}
