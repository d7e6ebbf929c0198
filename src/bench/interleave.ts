import { quartiles } from "./measure.js";

/** Something to time in turn with others. */
export interface Entry {
  readonly name: string;
  /** Milliseconds of one turn. */
  run(): number | Promise<number>;
}

/** Told of an entry that failed in its turn. */
export type OnFailure = (entry: Entry, error: Error) => void;

/** Milliseconds a turn from which on an entry runs only in the first round; in the first three from the other on. */
const runsOnceFrom = 10_000;
const runsThriceFrom = 1_000;

const wantedRounds = (milliseconds: number): number =>
  milliseconds >= runsOnceFrom ? 1 : milliseconds >= runsThriceFrom ? 3 : Number.POSITIVE_INFINITY;

/**
 * Runs entries in turn, every other round in the opposite order, and gives each one's milliseconds a round.
 * What is slow takes part in the first rounds only, so an entry's nth time always is of the nth round.
 *
 * @param rest awaited before each entry, for threads that spin after their work to come to rest
 * @param onFailure told of an entry that fails, which takes no further part and keeps no times
 */
export async function interleave(
  entries: readonly Entry[],
  rounds: number,
  rest: () => Promise<void>,
  onFailure: OnFailure,
): Promise<readonly (readonly number[])[]> {
  const times = entries.map((): number[] => []);
  const order = entries.map((_, index) => index);
  const failed = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    for (const index of round % 2 === 0 ? order : [...order].reverse()) {
      const own = times[index];
      if (failed.has(index) || (own.length > 0 && round >= wantedRounds(Math.max(...own)))) continue;
      await rest();
      try {
        own.push(await entries[index].run());
      } catch (error) {
        failed.add(index);
        own.length = 0;
        onFailure(entries[index], error as Error);
      }
    }
  }
  return times;
}

/** The median over their common rounds of ours ÷ theirs. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  const common = Math.min(ours.length, theirs.length);
  return quartiles(theirs.slice(0, common).map((milliseconds, round) => ours[round] / milliseconds)).median;
}
