import { quartiles } from "./measure.js";

/** Something to time in turn with others. */
export interface Entry {
  readonly name: string;
  /** Milliseconds of one turn. */
  run(): number | Promise<number>;
}

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
 */
export async function interleave(
  entries: readonly Entry[],
  rounds: number,
  rest: () => Promise<void>,
): Promise<readonly (readonly number[])[]> {
  const times = entries.map((): number[] => []);
  const order = entries.map((_, index) => index);
  for (let round = 0; round < rounds; round++) {
    for (const index of round % 2 === 0 ? order : [...order].reverse()) {
      const own = times[index];
      if (own.length > 0 && round >= wantedRounds(Math.max(...own))) continue;
      await rest();
      own.push(await entries[index].run());
    }
  }
  return times;
}

/** The median over their common rounds of ours ÷ theirs. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return quartiles(theirs.map((milliseconds, round) => ours[round] / milliseconds)).median;
}
