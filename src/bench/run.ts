import { UsageError } from "../core/errors.js";
import { modelNames } from "../core/models/index.js";
import { createKernelProgram } from "./kernel-program.js";
import { kernelBatch } from "./kernel-row.js";
import { kernelRows } from "./kernel-rows.js";
import {
  createCeiling,
  quartiles,
  shareOfCeiling,
  timeBesideCeiling,
  type Workload,
  warmUp,
} from "./measure.js";
import { createNetworkWorkload, type NetworkRow, networkFlops } from "./network-rows.js";

export interface BenchResult {
  readonly name: string;
  readonly threads: number;
  readonly medianMs: number;
  readonly lowerQuartileMs: number;
  readonly upperQuartileMs: number;
  /** Milliseconds of one turn in each round. */
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

export interface BenchRow {
  readonly name: string;
  readonly flops?: number;
  readonly bytes?: number;
  readonly samples?: number;
  create(threads: number): Promise<Workload>;
}

function networkRow(row: NetworkRow): BenchRow {
  return {
    name: `${row.kind}/${row.model}/${row.batch}`,
    flops: networkFlops(row),
    samples: row.batch,
    create: (threads) => createNetworkWorkload(row, threads),
  };
}

const standardRows: readonly BenchRow[] = [
  ...modelNames.map((model) => networkRow({ kind: "train", model, batch: 128 })),
  ...modelNames.map((model) => networkRow({ kind: "infer", model, batch: 256 })),
  ...kernelRows.map((row) => ({
    name: `kernel/${row.name}`,
    flops: row.flops,
    bytes: row.bytes,
    create: (threads: number) =>
      createKernelProgram(kernelBatch, threads, (planner, memory) => row.plan(planner, memory)),
  })),
];

/** `train/<model>/<batch>` or `infer/<model>/<batch>`; undefined for any other name. */
function parseNetworkRow(name: string): NetworkRow | undefined {
  const [, kind, model, batch] = /^(train|infer)\/([a-z]+)\/([1-9]\d{0,5})$/.exec(name) ?? [];
  const found = modelNames.find((other) => other === model);
  return kind && found ? { kind: kind as "train" | "infer", model: found, batch: Number(batch) } : undefined;
}

/** The network that a name stands for. @throws UsageError for any other row */
export function networkRowNamed(name: string): NetworkRow {
  const found = parseNetworkRow(name);
  if (found) return found;
  throw new UsageError(
    `A profile is of train/<model>/<batch> or infer/<model>/<batch> with a model of ${modelNames.join(", ")}; ` +
      `received "${name}".`,
  );
}

/** The rows that names ask for: a row's name, the beginning of one, or a network with another batch size. */
export function benchRows(names: readonly string[]): readonly BenchRow[] {
  if (names.length === 0) return standardRows;
  return names.flatMap((name) => {
    const known = standardRows.filter(
      (row) => row.name === name || row.name.startsWith(name.replace(/\/?$/, "/")),
    );
    if (known.length > 0) return known;
    const found = parseNetworkRow(name);
    if (found) return [networkRow(found)];
    throw new UsageError(
      `There is no benchmark "${name}". Use train/<model>/<batch> or infer/<model>/<batch> with a model of ` +
        `${modelNames.join(", ")}, kernel/…, or the beginning of such a name.`,
    );
  });
}

/**
 * A row's figures.
 *
 * @param times milliseconds of one turn in each round
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
  const workload = await row.create(threads);
  try {
    const turns = await warmUp(workload);
    await warmUp(ceiling, 100);
    const timed: Awaited<ReturnType<typeof timeBesideCeiling>>[] = [];
    for (let round = 0; round < rounds; round++)
      timed.push(await timeBesideCeiling(workload, turns, ceiling));
    const rates = timed.map(({ ceilingMilliseconds }) => ceiling.flops / ceilingMilliseconds / 1e6 / threads);
    return resultOf(
      row,
      threads,
      timed.map(({ milliseconds }) => milliseconds),
      rates,
    );
  } finally {
    await workload.close();
    await ceiling.close();
  }
}
