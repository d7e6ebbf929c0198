import { quartiles } from "#heddle/bench/measure.js";
import { markdownTable, milliseconds } from "../docs/results.js";

export const sides = ["before", "after"] as const;

export type Side = (typeof sides)[number];

/** Milliseconds of the same turn in both builds, one right after the other. */
export interface Pair {
  /** Which build came first. */
  readonly first: Side;
  readonly before: number;
  readonly after: number;
}

/** Which builds come in which order: each pair of rounds has both. */
export const orderOf = (round: number): readonly [Side, Side] =>
  round % 2 === 0 ? ["before", "after"] : ["after", "before"];

/** What the pairs of a row, on some threads, come to. Ratios are after ÷ before: above 1 is slower. */
export interface Comparison {
  readonly name: string;
  readonly threads: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Of milliseconds: the median over the pairs, and its quartiles. */
  readonly ratio: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** The median over the pairs where the build before came first, and over the others; null where there is none. */
  readonly beforeFirst: number | null;
  readonly afterFirst: number | null;
  readonly pairs: readonly Pair[];
}

const ratioOf = ({ before, after }: Pair): number => after / before;

export function comparisonOf(name: string, threads: number, pairs: readonly Pair[]): Comparison {
  const medianOf = (of: (pair: Pair) => number, some = pairs): number => quartiles(some.map(of)).median;
  const startedWith = (side: Side): number | null => {
    const own = pairs.filter(({ first }) => first === side);
    return own.length === 0 ? null : medianOf(ratioOf, own);
  };
  const { lower, median, upper } = quartiles(pairs.map(ratioOf));
  return {
    name,
    threads,
    beforeMs: medianOf(({ before }) => before),
    afterMs: medianOf(({ after }) => after),
    ratio: median,
    lowerQuartile: lower,
    upperQuartile: upper,
    beforeFirst: startedWith("before"),
    afterFirst: startedWith("after"),
    pairs,
  };
}

/** The rows that got slower by more than this share. */
export const slowerThan = (comparisons: readonly Comparison[], share: number): readonly Comparison[] =>
  comparisons.filter(({ ratio }) => !(ratio <= 1 + share));

/** A line a row. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const ratio = (value: number | null): string => value?.toFixed(3) ?? "–";
  return markdownTable(
    [
      "row",
      "threads",
      "before, ms",
      "after, ms",
      "after ÷ before",
      "quartiles",
      "before first",
      "after first",
    ],
    comparisons.map((row) => [
      row.name,
      String(row.threads),
      milliseconds(row.beforeMs),
      milliseconds(row.afterMs),
      ratio(row.ratio),
      `${ratio(row.lowerQuartile)} – ${ratio(row.upperQuartile)}`,
      ratio(row.beforeFirst),
      ratio(row.afterFirst),
    ]),
  );
}
