import { ceilingTaskFlops, emitCeilingTask } from "../core/kernels/ceiling.js";
import { createKernelProgram } from "./kernel-program.js";

/** Something whose speed is asked for: `run` does it once. */
export interface Workload {
  run(): void | Promise<void>;
  close(): Promise<void>;
}

export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (sorted[Math.ceil(place)] - sorted[low]) * (place - low);
  };
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) };
}

/** Milliseconds of `repeats` turns, a turn. */
export async function time(workload: Workload, repeats: number): Promise<number> {
  const start = performance.now();
  for (let turn = 0; turn < repeats; turn++) await workload.run();
  return (performance.now() - start) / repeats;
}

/** How long one round of a workload should take, milliseconds: long enough for the clock and the threads. */
const roundMilliseconds = 60;

/** Runs until the optimizing compiler has had its say, and gives how many turns fill a round. */
export async function warmUp(workload: Workload, milliseconds = 400): Promise<number> {
  const start = performance.now();
  let turns = 0;
  while (performance.now() - start < milliseconds || turns < 3) {
    await workload.run();
    turns++;
  }
  // Compiled code is put in place while the event loop turns.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return Math.max(1, Math.round(roundMilliseconds / Math.max(await time(workload, 1), 1e-3)));
}

/** The multiply-add ceiling of some threads at once. */
export async function createCeiling(threads: number): Promise<Workload & { readonly flops: number }> {
  const tasks = threads * 8;
  let flops = 0;
  const program = await createKernelProgram(1, threads, ({ emitter }, memory) => {
    flops = tasks * ceilingTaskFlops(emitter.tiling);
    return [{ name: "ceiling", tasks, run: emitCeilingTask(emitter, memory.allocate(24 * 1024)) }];
  });
  return { ...program, flops };
}

/** What a turn of the ceiling takes on average, milliseconds, over some ten milliseconds. */
export const timeCeiling = (ceiling: Workload): Promise<number> => time(ceiling, ceilingTurns);

/** One round of a workload, and what a turn of the ceiling took on average just before and just after it. */
export async function timeBesideCeiling(
  workload: Workload,
  turns: number,
  ceiling: Workload,
): Promise<{ readonly milliseconds: number; readonly ceilingMilliseconds: number }> {
  const before = await timeCeiling(ceiling);
  const milliseconds = await time(workload, turns);
  const after = await timeCeiling(ceiling);
  return { milliseconds, ceilingMilliseconds: (before + after) / 2 };
}

/** Turns of the ceiling on each side of a round. */
const ceilingTurns = 4;

/** The median over rounds of flops a second as a share of the ceiling's on all threads. */
export function shareOfCeiling(
  flops: number,
  threads: number,
  milliseconds: readonly number[],
  fmaGflopsPerThread: readonly number[],
): number {
  return quartiles(milliseconds.map((ms, round) => flops / ms / 1e6 / threads / fmaGflopsPerThread[round]))
    .median;
}
