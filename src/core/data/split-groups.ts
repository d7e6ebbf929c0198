import type { Labels } from "./dataset.js";

/** Images that are never parted. */
interface Unit {
  readonly images: number[];
  /** How many of them are of each class. */
  readonly ofClass: Map<number, number>;
}

/** Units that a split would not take for each other: they have as many images of each class. */
interface Kind {
  readonly ofClass: ReadonlyMap<number, number>;
  readonly taken: Unit[];
  readonly left: Unit[];
}

function kindsOf(units: Iterable<Unit>, taken: ReadonlySet<Unit>): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const unit of units) {
    const { ofClass } = unit;
    const name = [...ofClass].sort(([a], [b]) => a - b).join(";");
    let kind = kinds.get(name);
    if (!kind) {
      kind = { ofClass, taken: [], left: [] };
      kinds.set(name, kind);
    }
    (taken.has(unit) ? kind.taken : kind.left).push(unit);
  }
  return [...kinds.values()];
}

/** How many classes' counts are looked at for exchanges, a second's worth: thousands of groups have millions of pairs. */
const mostLooks = 2_000_000;

/**
 * Which images validate where groups are never parted: class by class, each in its order, a group is taken as a whole
 * where no class gets more than it wants, and then where that brings the classes' numbers nearer to those that are wanted. So images that are each a group of their own
 * are split as images without groups are. Where the numbers are more than a hundredth off, or a class's more than a twentieth, groups are then taken, left or
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
  const fits = ({ ofClass }: Unit): boolean =>
    [...ofClass].every(([label, count]) => have[label] + count <= wanted[label]);
  const helps = ({ ofClass }: Unit): boolean => gain(ofClass) > 0;
  for (const isTaken of [fits, helps]) {
    for (const [label, order] of orders.entries()) {
      for (const image of order) {
        // What other classes lack is looked for in their turns, among groups that have no more of this one.
        if (have[label] >= wanted[label]) break;
        const unit = units.get(groups[image])!;
        if (!taken.has(unit) && isTaken(unit) && leavesSome(unit)) take(unit);
      }
    }
  }
  for (const [label, order] of orders.entries()) {
    if (have[label] > 0 || wanted[label] === 0) continue;
    const left = [...new Set(order.map((image) => units.get(groups[image])!))].filter(leavesSome);
    const smallest = left.sort((a, b) => a.images.length - b.images.length).at(0);
    if (smallest) take(smallest);
  }
  /** What leaving a unit and taking another makes of each class. */
  const change = (leaves?: Kind, enters?: Kind): ReadonlyMap<number, number> => {
    const counts = new Map(enters?.ofClass);
    for (const [label, count] of leaves?.ofClass ?? []) counts.set(label, (counts.get(label) ?? 0) - count);
    return counts;
  };
  const isNearer = (counts: ReadonlyMap<number, number>): boolean => {
    if (gain(counts) <= 0) return false;
    return [...counts].every(([label, count]) => {
      const next = have[label] + count;
      return next < orders[label].length && (next > 0 || have[label] === 0);
    });
  };
  // Of many small groups the first are near enough.
  const isFar = (): boolean => {
    const off = wanted.map((count, label) => Math.abs(count - have[label]));
    const all = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    return (
      all(off) * 100 > all(wanted) || off.some((count, label) => count > 1 && count * 20 > wanted[label])
    );
  };
  let looks = 0;
  const kinds = isFar() ? kindsOf(units.values(), taken) : [];
  const move = (unit: Unit | undefined, to: Unit[] | undefined): void => {
    if (!unit) return;
    to?.push(unit);
    if (!taken.delete(unit)) taken.add(unit);
  };
  const isPossible = (leaves?: Kind, enters?: Kind): boolean =>
    leaves?.taken.length !== 0 && enters?.left.length !== 0;
  /** Goes over all exchanges once. @returns whether to do so again */
  const exchange = (): boolean => {
    let cameNearer = false;
    for (const leaves of [undefined, ...kinds]) {
      for (const enters of [undefined, ...kinds]) {
        if (!isPossible(leaves, enters)) continue;
        const counts = change(leaves, enters);
        looks += counts.size;
        if (looks > mostLooks) return false;
        if (!isNearer(counts)) continue;
        while (isPossible(leaves, enters) && isNearer(counts)) {
          move(leaves?.taken.pop(), leaves?.left);
          move(enters?.left.pop(), enters?.taken);
          for (const [label, count] of counts) have[label] += count;
        }
        if (!isFar()) return false;
        cameNearer = true;
      }
    }
    return cameNearer;
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
