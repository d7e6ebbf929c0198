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
  const unitsOfClasses = orders.map((order) => order.map((image) => units.get(groups[image])!));
  const split = new GroupSplit(unitsOfClasses, wanted);
  split.takeInOrder();
  split.takeSomeOfEach();
  if (split.isFar()) split.exchange(kindsOf(units.values(), split.taken));
  return [...split.taken].flatMap(({ images }) => images);
}

class GroupSplit {
  /** Those that validate. */
  readonly taken = new Set<Unit>();
  /** How many images of each class validate. */
  readonly #have: Uint32Array;

  /**
   * @param orders of each class, the unit of each of its images
   * @param wanted of each class, how many of them shall validate
   */
  constructor(
    private readonly orders: readonly (readonly Unit[])[],
    private readonly wanted: readonly number[],
  ) {
    this.#have = new Uint32Array(orders.length);
  }

  takeInOrder(): void {
    for (const isTaken of [this.#fits, this.#helps]) {
      for (const [label, order] of this.orders.entries()) {
        for (const unit of order) {
          // What other classes lack is looked for in their turns, among groups that have no more of this one.
          if (this.#have[label] >= this.wanted[label]) break;
          if (!this.taken.has(unit) && isTaken(unit) && this.#leavesSome(unit)) this.#take(unit);
        }
      }
    }
  }

  takeSomeOfEach(): void {
    for (const [label, order] of this.orders.entries()) {
      if (this.#have[label] > 0 || this.wanted[label] === 0) continue;
      const left = [...new Set(order)].filter(this.#leavesSome);
      const smallest = left.sort((a, b) => a.images.length - b.images.length).at(0);
      if (smallest) this.#take(smallest);
    }
  }

  /** Whether to look on: of many small groups the first are near enough. */
  isFar(): boolean {
    const off = this.wanted.map((count, label) => Math.abs(count - this.#have[label]));
    const all = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    return (
      all(off) * 100 > all(this.wanted) ||
      off.some((count, label) => count > 1 && count * 20 > this.wanted[label])
    );
  }

  /** Exchanges units of two kinds, or takes or leaves one, as long as that comes nearer. */
  exchange(kinds: readonly Kind[]): void {
    let looks = 0;
    for (let cameNearer = true; cameNearer; ) {
      cameNearer = false;
      for (const leaves of [undefined, ...kinds]) {
        for (const enters of [undefined, ...kinds]) {
          if (!isPossible(leaves, enters)) continue;
          const counts = change(leaves, enters);
          looks += counts.size;
          if (looks > mostLooks) return;
          if (!this.#isNearer(counts)) continue;
          while (isPossible(leaves, enters) && this.#isNearer(counts)) this.#move(leaves, enters, counts);
          if (!this.isFar()) return;
          cameNearer = true;
        }
      }
    }
  }

  readonly #fits = ({ ofClass }: Unit): boolean =>
    [...ofClass].every(([label, count]) => this.#have[label] + count <= this.wanted[label]);

  readonly #helps = ({ ofClass }: Unit): boolean => this.#gain(ofClass) > 0;

  readonly #leavesSome = ({ ofClass }: Unit): boolean =>
    [...ofClass].every(([label, count]) => this.#have[label] + count < this.orders[label].length);

  /** How much nearer the numbers come. */
  #gain(counts: ReadonlyMap<number, number>): number {
    let sum = 0;
    for (const [label, count] of counts) {
      const missing = this.wanted[label] - this.#have[label];
      sum += Math.abs(missing) - Math.abs(missing - count);
    }
    return sum;
  }

  #isNearer(counts: ReadonlyMap<number, number>): boolean {
    if (this.#gain(counts) <= 0) return false;
    return [...counts].every(([label, count]) => {
      const next = this.#have[label] + count;
      return next < this.orders[label].length && (next > 0 || this.#have[label] === 0);
    });
  }

  #take(unit: Unit): void {
    this.taken.add(unit);
    this.#count(unit.ofClass);
  }

  #move(leaves: Kind | undefined, enters: Kind | undefined, counts: ReadonlyMap<number, number>): void {
    const [leaving, entering] = [leaves?.taken.pop(), enters?.left.pop()];
    if (leaving) leaves?.left.push(leaving);
    if (entering) enters?.taken.push(entering);
    if (leaving) this.taken.delete(leaving);
    if (entering) this.taken.add(entering);
    this.#count(counts);
  }

  #count(counts: ReadonlyMap<number, number>): void {
    for (const [label, count] of counts) this.#have[label] += count;
  }
}

const isPossible = (leaves?: Kind, enters?: Kind): boolean =>
  leaves?.taken.length !== 0 && enters?.left.length !== 0;

/** What leaving a unit and taking another makes of each class. */
function change(leaves?: Kind, enters?: Kind): ReadonlyMap<number, number> {
  const counts = new Map(enters?.ofClass);
  for (const [label, count] of leaves?.ofClass ?? []) counts.set(label, (counts.get(label) ?? 0) - count);
  return counts;
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
