import { quartiles } from "#heddle/bench/measure.js";
import type { BenchResult } from "#heddle/bench/run.js";
import { markdownTable, milliseconds } from "../docs/results.js";

export const sides = ["before", "after"] as const;

export type Side = (typeof sides)[number];

/** What a process measured of a row. */
export type Measured = Pick<BenchResult, "name" | "threads" | "medianMs" | "rounds" | "fmaGflopsPerThread">;

/** Both builds' processes for the same row, one right after the other. */
export interface Pair {
  /** Which build came first. */
  readonly first: Side;
  readonly before: Measured;
  readonly after: Measured;
}

/** Which builds come in which order: each pair of rounds has both. */
export const orderOf = (round: number): readonly [Side, Side] =>
  round % 2 === 0 ? ["before", "after"] : ["after", "before"];

/** What the pairs of a row, on some threads, come to. Ratios are after ÷ before: above 1 is slower. */
export interface Comparison {
  readonly name: string;
  readonly threads: number;
  readonly pairs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Of milliseconds: the median over the pairs, and its quartiles. */
  readonly ratio: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** The median over the pairs where the build before came first, and over the others; null where there is none. */
  readonly beforeFirst: number | null;
  readonly afterFirst: number | null;
  /**
   * The median ratio of the milliseconds times the multiply-add ceiling that each process measured: where the machine's
   * speed drifts between the two, the ceiling drifts with it.
   */
  readonly besideCeiling: number;
}

/** Compares row by row, in the order in which rows first come. */
export function comparisonsOf(pairs: readonly Pair[]): readonly Comparison[] {
  const rows = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = `${pair.before.name} ${pair.before.threads}`;
    rows.set(key, [...(rows.get(key) ?? []), pair]);
  }
  return [...rows.values()].map(comparisonOf);
}

const ratioOf = ({ before, after }: Pair): number => after.medianMs / before.medianMs;

function comparisonOf(pairs: readonly Pair[]): Comparison {
  const { name, threads } = pairs[0].before;
  const medianOf = (of: (pair: Pair) => number, some = pairs): number => quartiles(some.map(of)).median;
  const startedWith = (side: Side): number | null => {
    const own = pairs.filter(({ first }) => first === side);
    return own.length === 0 ? null : medianOf(ratioOf, own);
  };
  const { lower, median, upper } = quartiles(pairs.map(ratioOf));
  return {
    name,
    threads,
    pairs: pairs.length,
    beforeMs: medianOf(({ before }) => before.medianMs),
    afterMs: medianOf(({ after }) => after.medianMs),
    ratio: median,
    lowerQuartile: lower,
    upperQuartile: upper,
    beforeFirst: startedWith("before"),
    afterFirst: startedWith("after"),
    besideCeiling: medianOf(
      (pair) => (ratioOf(pair) * pair.after.fmaGflopsPerThread) / pair.before.fmaGflopsPerThread,
    ),
  };
}

/** The pairs of two processes that measured the same rows. @throws Error naming what only one of them has */
export function pairUp(
  first: Side,
  before: readonly Measured[],
  after: readonly Measured[],
): readonly Pair[] {
  const words = ({ name, threads }: Measured): string => `${name} on ${threads} threads`;
  const known = new Map(before.map((row) => [words(row), row]));
  const pairs = after.map((row) => {
    const other = known.get(words(row));
    if (!other)
      throw new Error(`${words(row)} is measured by the build after alone: name rows that both have.`);
    known.delete(words(row));
    return { first, before: other, after: row };
  });
  for (const name of known.keys())
    throw new Error(`${name} is measured by the build before alone: name rows that both have.`);
  return pairs;
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
      "beside the ceiling",
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
      ratio(row.besideCeiling),
    ]),
  );
}
