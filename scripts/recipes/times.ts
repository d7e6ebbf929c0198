import { medianRatio } from "#heddle/bench/interleave.js";
import type { Machine } from "../bench/machine.js";

/** Of an epoch that is timed: enough for some seconds of the largest recipe. */
export const timedImages = 6_400;

/** What an epoch of a recipe took. */
export interface EpochTimes {
  readonly seconds: number;
  /** Of its teacher's. */
  readonly teacherSeconds?: number;
}

/** An epoch of a recipe under Node 20 and, right before or after it, under Node 24. */
export type TimedRound = Readonly<Record<"node20" | "node24", EpochTimes>>;

/** results/recipes/times.json. */
export interface TimesFile {
  readonly command: string;
  readonly environment: Machine;
  /** The versions. */
  readonly nodes: Readonly<Record<keyof TimedRound, string>>;
  readonly images: number;
  readonly recipes: Readonly<Record<string, readonly TimedRound[]>>;
}

/** How many times as long Node 20 takes, of rounds: the median; and of their teacher. */
export function slowdownOf(rounds: readonly TimedRound[]): {
  readonly own: number;
  readonly teacher?: number;
} {
  const ratio = (read: (times: EpochTimes) => number): number =>
    medianRatio(
      rounds.map(({ node20 }) => read(node20)),
      rounds.map(({ node24 }) => read(node24)),
    );
  const taught = rounds.every(({ node20 }) => node20.teacherSeconds !== undefined);
  return {
    own: ratio(({ seconds }) => seconds),
    ...(taught && { teacher: ratio(({ teacherSeconds = Number.NaN }) => teacherSeconds) }),
  };
}
