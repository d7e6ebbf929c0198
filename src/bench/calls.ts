import { timeCeiling, type Workload } from "./measure.js";

/** Calls into the library that are waited for, such as a server makes them. */
export interface CallWorkload {
  /** Makes one call, and what belongs before it. @returns the call's own milliseconds */
  timeCall(): Promise<number>;
  close(): Promise<void>;
}

export interface RowTimes {
  /** Milliseconds of a turn in each round, or of every call. */
  readonly times: readonly number[];
  /** What a turn of the ceiling took around each round, milliseconds. */
  readonly ceilingTimes: readonly number[];
}

const warmCalls = 30;
const callsPerRound = 20;

/**
 * Times calls one by one, so that their spread is a call's and not a round's. The ceiling runs between rounds; the first
 * call after it, which finds the caches full of other things, doesn't count.
 */
export async function timeCalls(
  workload: CallWorkload,
  rounds: number,
  ceiling: Workload,
): Promise<RowTimes> {
  try {
    for (let call = 0; call < warmCalls; call++) await workload.timeCall();
    const times: number[] = [];
    const ceilingTimes: number[] = [];
    let before = await timeCeiling(ceiling);
    for (let round = 0; round < rounds; round++) {
      await workload.timeCall();
      for (let call = 0; call < callsPerRound; call++) times.push(await workload.timeCall());
      const after = await timeCeiling(ceiling);
      ceilingTimes.push((before + after) / 2);
      before = after;
    }
    return { times, ceilingTimes };
  } finally {
    await workload.close();
  }
}
