// How a training step of the Proposed CNN scales with threads and with the batch, in short interleaved rounds:
//   npm run build && node bench/scaling.mjs [rounds]
// writes results/scaling-<avx2|avx512>-node<version>.json. The ceilings of one and of two threads stand beside:
// where two virtual processors share a core, two threads can't be twice as fast at anything.
import { readFileSync, writeFileSync } from "node:fs";
import { createCeiling, quartiles, time, warmUp } from "../dist/bench/measure.js";
import { createNetworkWorkload } from "../dist/bench/network-rows.js";
import { describeEnvironment } from "../dist/node/environment.js";

const rounds = Number(process.argv[2] ?? 40);
const networks = [
  { name: "batch 128, 2 threads", batch: 128, threads: 2 },
  { name: "batch 128, 1 thread", batch: 128, threads: 1 },
  { name: "batch 32, 2 threads", batch: 32, threads: 2 },
  { name: "batch 512, 2 threads", batch: 512, threads: 2 },
];
const entries = [];
for (const { name, batch, threads } of networks) {
  const workload = await createNetworkWorkload({ kind: "train", model: "proposed", batch }, threads);
  await warmUp(workload, 2500);
  entries.push({ name, workload, turns: Math.max(1, Math.round(256 / batch)), work: batch });
}
for (const threads of [1, 2]) {
  const workload = await createCeiling(threads);
  await warmUp(workload, 300);
  entries.push({
    name: `ceiling, ${threads} thread${threads > 1 ? "s" : ""}`,
    workload,
    turns: 6,
    work: workload.flops,
  });
}
const measured = Object.fromEntries(entries.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const { name, workload, turns } of round % 2 === 0 ? entries : [...entries].reverse())
    measured[name].push(await time(workload, turns));
for (const { workload } of entries) await workload.close();

/** The median over rounds of how many times as fast one entry works as another. */
const ratio = (name, other) => {
  const work = (wanted) => entries.find((entry) => entry.name === wanted).work;
  return quartiles(
    measured[name].map((ms, round) => work(name) / ms / (work(other) / measured[other][round])),
  ).median;
};
const ratios = {
  "two threads ÷ one": ratio("batch 128, 2 threads", "batch 128, 1 thread"),
  "two threads ÷ one, ceiling": ratio("ceiling, 2 threads", "ceiling, 1 thread"),
  "batch 32 ÷ batch 128, images a second": ratio("batch 32, 2 threads", "batch 128, 2 threads"),
  "batch 512 ÷ batch 128, images a second": ratio("batch 512, 2 threads", "batch 128, 2 threads"),
};
console.log(ratios);
const kind = readFileSync("/proc/cpuinfo", "utf8").includes("avx512f") ? "avx512" : "avx2";
const environment = { ...describeEnvironment(), vectors: kind };
const file = `results/scaling-${kind}-node${environment.node}.json`;
const command = `node bench/scaling.mjs ${rounds}`;
writeFileSync(file, `${JSON.stringify({ environment, command, ratios, rounds: measured }, null, 1)}\n`);
