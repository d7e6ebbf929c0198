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
  /** Offsets of each row from the tile's lowest. */
  readonly rows: readonly number[];
  readonly outRows: readonly number[];
  /** Each tile's lowest places. */
  readonly tiles: readonly Place[];
}

/**
 * Shapes of register tiles that suit a machine: which numbers are worked out together. It never decides what is
 * added to what in which order, so every tiling gives the same bytes.
 */
export interface Tiling {
  /** Rows of a full tile. */
  readonly rows: number;
  /** By a tile's rows, how many blocks of eight channels it takes at once: what keeps the multiply-adds busy. */
  readonly blocks: readonly number[];
  /** By a tile's rows, the cycles of a step over one block, a full tile's row being one: few rows waste some. */
  readonly cost: readonly number[];
  /** Whether neighbouring vectors are worked on side by side, so that the runtime finds pairs to join. */
  readonly pairs: boolean;
  /** For products of a single block of channels, where they want other tiles. */
  readonly single?: Tiling;
}

/** The tiling of a product of so many channels. */
export const tilingFor = (tiling: Tiling, channels: number): Tiling =>
  channels <= 8 ? (tiling.single ?? tiling) : tiling;

/** Blocks of eight channels that a full tile takes at once. */
export const fullTileBlocks = ({ rows, blocks }: Tiling): number => blocks[rows];

/** For 128 bits at a time: 8 to 12 accumulators of four lanes; fewer are bound by latency. */
export const narrowTiling: Tiling = {
  rows: 6,
  blocks: [0, 5, 3, 2, 1, 1, 1],
  cost: [0, 1.6, 2.4, 3.2, 4.4, 5.1, 6],
  pairs: false,
};

/** For runtimes that join pairs of 128-bit operations into 256-bit ones: 8 to 12 accumulators of eight lanes. */
export const wideTilings: readonly Tiling[] = [6, 5, 4].map((rows) => ({
  rows,
  blocks: [0, 5, 4, 3, 2, 2, 2],
  cost: [0, 2.1, 2.2, 3.2, 4.3, 5.2, 6],
  pairs: true,
  single: singleBlock(2 * rows),
}));

/** One joined vector a row: as many accumulators as two of them have in half the rows. */
function singleBlock(rows: number): Tiling {
  const each = Array.from({ length: rows + 1 }, (_, row) => row);
  // Fewer than eight wait for each other.
  return { rows, blocks: each.map(() => 1), cost: each.map((row) => Math.max(8, row)), pairs: true };
}

/**
 * Cuts a list of places into tiles of a tiling's rows at most and gathers those of the same pattern: line by line
 * of the image where that keeps tiles about as full, since then few patterns serve all, else straight through.
 */
export function tileGroups(places: readonly Place[], tiling: Tiling): TileGroup[] {
  const groups = new Map<string, { rows: number[]; outRows: number[]; tiles: Place[] }>();
  const cyclesOf = (sizes: readonly number[]): number =>
    sizes.reduce((sum, size) => sum + tiling.cost[size], 0);
  const straight = evenSplit(places.length, tiling.rows);
  const byLine = lineLengths(places).flatMap((length) => evenSplit(length, tiling.rows));
  let at = 0;
  let group: { rows: number[]; outRows: number[]; tiles: Place[] } | undefined;
  for (const size of cyclesOf(byLine) <= 1.02 * cyclesOf(straight) ? byLine : straight) {
    // Not always the first: where time comes before samples, the next sample's places lie lower again.
    const lowest = { a: places[at].a, out: places[at].out };
    for (let row = 1; row < size; row++) {
      lowest.a = Math.min(lowest.a, places[at + row].a);
      lowest.out = Math.min(lowest.out, places[at + row].out);
    }
    // Neighbours are nearly always alike.
    if (!group || !liesAlike(places, at, size, lowest, group)) {
      const tile = places.slice(at, at + size);
      const rows = tile.map((place) => place.a - lowest.a);
      const outRows = tile.map((place) => place.out - lowest.out);
      const key = `${rows} ${outRows}`;
      group = groups.get(key) ?? { rows, outRows, tiles: [] };
      groups.set(key, group);
    }
    group.tiles.push(lowest);
    at += size;
  }
  return [...groups.values()];
}

/** Whether the rows of a tile lie as a group's do. */
function liesAlike(
  places: readonly Place[],
  at: number,
  size: number,
  lowest: Place,
  { rows, outRows }: Pick<TileGroup, "rows" | "outRows">,
): boolean {
  if (rows.length !== size) return false;
  for (let row = 0; row < size; row++) {
    const { a, out } = places[at + row];
    if (a - lowest.a !== rows[row] || out - lowest.out !== outRows[row]) return false;
  }
  return true;
}

/** Lengths of the runs of evenly spaced places. */
function lineLengths(places: readonly Place[]): number[] {
  const lengths: number[] = [];
  let length = 0;
  let [stepA, stepOut] = [Number.NaN, Number.NaN];
  for (let index = 0; index < places.length; index++) {
    const { a, out } = places[index];
    const before = places[index - 1];
    const [nextA, nextOut] = before ? [a - before.a, out - before.out] : [Number.NaN, Number.NaN];
    if (length > 1 && (nextA !== stepA || nextOut !== stepOut)) {
      lengths.push(length);
      length = 0;
    }
    length++;
    [stepA, stepOut] = [nextA, nextOut];
  }
  return [...lengths, length];
}

/** So many places, each a sum of so many steps. */
interface Count {
  readonly places: number;
  readonly steps: number;
}

/** What tiles of these places take, in steps of a row. */
export function tilingCost(counts: readonly Count[], tiling: Tiling): number {
  let cost = 0;
  for (const { places, steps } of counts)
    for (const size of evenSplit(places, tiling.rows)) cost += tiling.cost[size] * steps;
  return cost;
}

/** The share of the multiply-add rate that tiles of these many places can reach. */
export function tilingEfficiency(counts: readonly Count[], tiling: Tiling): number {
  const work = counts.reduce((sum, { places, steps }) => sum + places * steps, 0);
  const cost = tilingCost(counts, tiling);
  return cost === 0 ? 1 : work / cost;
}
