import { type RowTimes, timeCalls } from "./calls.js";
import {
  createCeiling,
  quartiles,
  shareOfCeiling,
  timeBesideCeiling,
  type Workload,
  warmUp,
} from "./measure.js";
import type { BenchRow } from "./rows.js";

export interface BenchResult {
  readonly name: string;
  readonly threads: number;
  readonly medianMs: number;
  readonly lowerQuartileMs: number;
  readonly upperQuartileMs: number;
  /** Milliseconds of one turn in each round; of a row of calls, of every call. */
  readonly rounds: readonly number[];
  /** Null where multiply-adds are not what the row does. */
  readonly gflops: number | null;
  readonly gigabytesPerSecond: number | null;
  readonly samplesPerSecond: number | null;
  /** The ceiling on all of the row's threads at once, measured between its rounds. */
  readonly fmaGflopsPerThread: number;
  /** The ceiling around each round, GFLOP/s a thread. */
  readonly ceilingRounds: readonly number[];
  /**
   * The median over rounds of the round's GFLOP/s as a share of the ceiling just before and after it: where the
   * machine's speed drifts from round to round, both drift alike.
   */
  readonly ofCeiling: number | null;
}

/**
 * A row's figures.
 *
 * @param times milliseconds of one turn in each round, or of every call
 * @param rates the ceiling around each round, GFLOP/s a thread
 */
export function resultOf(
  { name, flops, bytes, samples }: BenchRow,
  threads: number,
  times: readonly number[],
  rates: readonly number[],
): BenchResult {
  const { lower, median, upper } = quartiles(times);
  return {
    name,
    threads,
    medianMs: median,
    lowerQuartileMs: lower,
    upperQuartileMs: upper,
    rounds: times,
    ceilingRounds: rates,
    gflops: flops === undefined ? null : flops / median / 1e6,
    gigabytesPerSecond: bytes === undefined ? null : bytes / median / 1e6,
    samplesPerSecond: samples === undefined ? null : (samples / median) * 1000,
    fmaGflopsPerThread: quartiles(rates).median,
    ofCeiling: flops === undefined ? null : shareOfCeiling(flops, threads, times, rates),
  };
}

/** Times one row, the ceiling between its rounds. */
export async function benchRow(row: BenchRow, threads: number, rounds: number): Promise<BenchResult> {
  const ceiling = await createCeiling(threads);
  try {
    await warmUp(ceiling, 100);
    const { times, ceilingTimes } =
      "create" in row
        ? await timeSteady(await row.create(threads), rounds, ceiling)
        : await timeCalls(await row.createCalls(threads), rounds, ceiling);
    const rates = ceilingTimes.map((milliseconds) => ceiling.flops / milliseconds / 1e6 / threads);
    return resultOf(row, threads, times, rates);
  } finally {
    await ceiling.close();
  }
}

async function timeSteady(workload: Workload, rounds: number, ceiling: Workload): Promise<RowTimes> {
  try {
    const turns = await warmUp(workload);
    const times: number[] = [];
    const ceilingTimes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const timed = await timeBesideCeiling(workload, turns, ceiling);
      times.push(timed.milliseconds);
      ceilingTimes.push(timed.ceilingMilliseconds);
    }
    return { times, ceilingTimes };
  } finally {
    await workload.close();
  }
}
