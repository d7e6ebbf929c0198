// How a training step of the Proposed CNN scales with threads and with the batch, in short interleaved rounds:
//   npm run build && node dist/scripts/bench/scaling.js [rounds]
// writes results/scaling-<avx2|avx512>-node<version>.json. The ceilings of one and of two threads stand beside:
// where two virtual processors share a core, two threads can't be twice as fast at anything.
import { medianRatio } from "#heddle/bench/interleave.js";
import { createCeiling, time, type Workload, warmUp } from "#heddle/bench/measure.js";
import { createNetworkWorkload } from "#heddle/bench/network-rows.js";
import { wholeNumber } from "../arguments.js";
import { describeMachine } from "./machine.js";
import type { ScalingFile } from "./result-files.js";
import { writeResult } from "./write-result.js";

interface Entry {
  readonly name: string;
  readonly workload: Workload;
  /** Turns a round. */
  readonly turns: number;
  /** What a turn gets done. */
  readonly work: number;
  readonly times: number[];
}

const rounds = wholeNumber(process.argv[2] ?? "40", "rounds");
const networks = [
  { name: "batch 128, 2 threads", batch: 128, threads: 2 },
  { name: "batch 128, 1 thread", batch: 128, threads: 1 },
  { name: "batch 32, 2 threads", batch: 32, threads: 2 },
  { name: "batch 512, 2 threads", batch: 512, threads: 2 },
];
const entries: Entry[] = [];
for (const { name, batch, threads } of networks) {
  const workload = await createNetworkWorkload({ kind: "train", model: "proposed", batch }, threads);
  await warmUp(workload, 2500);
  const turns = Math.max(1, Math.round(256 / batch));
  entries.push({ name, workload, turns, work: batch, times: [] });
}
for (const threads of [1, 2]) {
  const workload = await createCeiling(threads);
  await warmUp(workload, 300);
  const name = `ceiling, ${threads} thread${threads > 1 ? "s" : ""}`;
  entries.push({ name, workload, turns: 6, work: workload.flops, times: [] });
}
for (let round = 0; round < rounds; round++)
  for (const { workload, turns, times } of round % 2 === 0 ? entries : [...entries].reverse())
    times.push(await time(workload, turns));
for (const { workload } of entries) await workload.close();

/** The median over rounds of how many times as fast one entry works as another. */
function ratio(name: string, other: string): number {
  const [one, two] = [name, other].map((wanted) => entries.find((entry) => entry.name === wanted)!);
  return (one.work / two.work) * medianRatio(two.times, one.times);
}
const ratios = {
  "two threads ÷ one": ratio("batch 128, 2 threads", "batch 128, 1 thread"),
  "two threads ÷ one, ceiling": ratio("ceiling, 2 threads", "ceiling, 1 thread"),
  "batch 32 ÷ batch 128, images a second": ratio("batch 32, 2 threads", "batch 128, 2 threads"),
  "batch 512 ÷ batch 128, images a second": ratio("batch 512, 2 threads", "batch 128, 2 threads"),
};
console.log(ratios);
const environment = describeMachine();
const content: ScalingFile = {
  environment,
  command: `node dist/scripts/bench/scaling.js ${rounds}`,
  ratios,
  rounds: Object.fromEntries(entries.map(({ name, times }) => [name, times])),
};
writeResult(`scaling-${environment.vectors}-node${environment.node}.json`, content);
