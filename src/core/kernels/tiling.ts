/** Splits a count into the fewest parts of at most `largest`, as even as can be: 14 by 6 is 5, 5, 4. */
export function evenSplit(count: number, largest: number): number[] {
  const parts = Math.ceil(count / largest);
  return Array.from({ length: parts }, (_, part) => Math.floor((count + parts - 1 - part) / parts));
}

/** A place a tile's row works on: where it reads and where it writes, in bytes. */
export interface Place {
  readonly a: number;
  readonly out: number;
}

/** Tiles whose rows lie alike: one emitted function serves them all. */
export interface TileGroup {
  /** Offsets of each row from the tile's first. */
  readonly rows: readonly number[];
  readonly outRows: readonly number[];
  /** Each tile's first place. */
  readonly tiles: readonly Place[];
}

export const tileRows = 6;

/** Cuts a list of places into tiles of at most six rows and gathers those of the same pattern. */
export function tileGroups(places: readonly Place[]): TileGroup[] {
  const groups = new Map<string, { rows: number[]; outRows: number[]; tiles: Place[] }>();
  let at = 0;
  for (const size of evenSplit(places.length, tileRows)) {
    const tile = places.slice(at, at + size);
    at += size;
    const rows = tile.map((place) => place.a - tile[0].a);
    const outRows = tile.map((place) => place.out - tile[0].out);
    const lowest = Math.min(...rows);
    const lowestOut = Math.min(...outRows);
    if (lowest < 0 || lowestOut < 0) throw new RangeError("Places of a tile must lie in rising order.");
    const key = `${rows} ${outRows}`;
    const group = groups.get(key) ?? { rows, outRows, tiles: [] };
    group.tiles.push(tile[0]);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * How many blocks of eight channels a tile of so many rows takes at once: with few rows, more channels keep
 * the multiply-add units busy (8 to 12 accumulators; fewer are bound by latency).
 */
export function blocksAtOnce(rows: number): number {
  return rows >= 4 ? 1 : rows === 3 ? 2 : rows === 2 ? 3 : 5;
}

/** Cycles that a step of a tile of so many rows takes, six being 6: few rows waste some. */
const stepCost = [0, 1.6, 2.4, 3.2, 4.4, 5.1, 6];

/** The share of the multiply-add rate that tiles of these many places can reach. */
export function tilingEfficiency(counts: readonly { places: number; steps: number }[]): number {
  let work = 0;
  let cost = 0;
  for (const { places, steps } of counts)
    for (const size of evenSplit(places, tileRows)) {
      work += size * steps;
      cost += stepCost[size] * steps;
    }
  return cost === 0 ? 1 : work / cost;
}
