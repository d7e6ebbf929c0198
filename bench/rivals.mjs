// Training steps of heddle and of PyTorch, in turn, both orders, in one run on an idle machine:
//   npm run build && node bench/rivals.mjs [rounds]
// writes results/bench-<UTC time>-<avx2|avx512>-node<version>.json. Needs Debian's python3-torch and libopenblas0.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import {
  createCeiling,
  quartiles,
  shareOfCeiling,
  timeBesideCeiling,
  warmUp,
} from "../dist/bench/measure.js";
import { createNetworkWorkload, networkFlops } from "../dist/bench/network-rows.js";
import { benchRow, benchRows } from "../dist/bench/run.js";
import { describeEnvironment } from "../dist/node/environment.js";

const rounds = Number(process.argv[2] ?? 12);
const threads = 2;
const models = ["proposed", "cnn", "lenet", "lstm", "bilstm"];
const layouts = {
  proposed: ["channels-last", "channels-first"],
  cnn: ["channels-last", "channels-first"],
  lenet: ["channels-last", "channels-first"],
  lstm: ["channels-first"],
  bilstm: ["channels-first"],
};

function startPyTorch() {
  const child = spawn("/usr/bin/python3", [new URL("./pytorch.py", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => JSON.parse((await lines.next()).value);
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return (await read()).ms;
  };
  return { read, ask, end: () => child.stdin.end() };
}

const cpuFlags = readFileSync("/proc/cpuinfo", "utf8");
const kind = cpuFlags.includes("avx512f") ? "avx512" : cpuFlags.includes("avx2") ? "avx2" : "plain";
const torch = startPyTorch();
const { version } = await torch.read();
const results = [];
const rivals = [];
for (const model of models) {
  const name = `train/${model}/128`;
  const flops = networkFlops({ kind: "train", model, batch: 128 });
  const ours = await createNetworkWorkload({ kind: "train", model, batch: 128 }, threads);
  const ceiling = await createCeiling(threads);
  const turns = await warmUp(ours, 1500);
  await warmUp(ceiling, 200);
  const question = (layout, steps) => ({ model, batch: 128, layout, threads, steps });
  for (const layout of layouts[model]) await torch.ask(question(layout, 5));
  const rates = [];
  const entries = [
    [
      "ours",
      async () => {
        const { milliseconds, ceilingMilliseconds } = timeBesideCeiling(ours, turns, ceiling);
        rates.push(ceiling.flops / ceilingMilliseconds / 1e6 / threads);
        return milliseconds;
      },
    ],
    ...layouts[model].map((layout) => [layout, () => torch.ask(question(layout, 3))]),
  ];
  const measured = Object.fromEntries(entries.map(([key]) => [key, []]));
  for (let round = 0; round < rounds; round++)
    for (const [key, run] of round % 2 === 0 ? entries : [...entries].reverse()) {
      // OpenMP's threads spin for a while after their work; let them come to rest.
      await new Promise((resolve) => setTimeout(resolve, 200));
      measured[key].push(await run());
    }
  await ours.close();
  await ceiling.close();
  const medianMs = quartiles(measured.ours).median;
  const ofCeiling = shareOfCeiling(flops, threads, measured.ours, rates);
  results.push({
    name,
    threads,
    medianMs,
    rounds: measured.ours,
    ceilingRounds: rates,
    gflops: flops / medianMs / 1e6,
    fmaGflopsPerThread: quartiles(rates).median,
    ofCeiling,
  });
  const own = layouts[model].map((layout) => {
    const times = measured[layout];
    const ratio = quartiles(measured.ours.map((ms, round) => ms / times[round])).median;
    return {
      name,
      rival: `PyTorch ${version}`,
      layout,
      threads,
      medianMs: quartiles(times).median,
      rounds: times,
      ratio,
    };
  });
  rivals.push(...own);
  const worst = own.reduce((a, b) => (a.ratio > b.ratio ? a : b));
  console.error(
    `${name}: ${medianMs.toFixed(2)} ms, ${(100 * ofCeiling).toFixed(0)} % of the ceiling, ${worst.medianMs.toFixed(2)} ms PyTorch ${worst.layout}, ratio ${worst.ratio.toFixed(3)}`,
  );
}
torch.end();
if (process.argv[3] !== "quick") {
  const one = await benchRow(benchRows(["train/proposed/128"])[0], 1, rounds);
  results.push(one);
  for (const row of benchRows(["infer", "kernel"])) {
    results.push(await benchRow(row, threads, rounds));
    console.error(
      `${row.name}: ${results.at(-1).medianMs.toFixed(3)} ms, ${results.at(-1).ofCeiling === null ? "" : `${(results.at(-1).ofCeiling * 100).toFixed(0)} %`}`,
    );
  }
}
const environment = describeEnvironment();
const stamp = new Date().toISOString().replace(/[-:]/g, "").replace(/\..*/, "Z");
const rates = results.map((row) => row.fmaGflopsPerThread).sort((a, b) => a - b);
mkdirSync("results", { recursive: true });
const file = `results/bench-${stamp}-${kind}-node${environment.node}.json`;
const command = `node bench/rivals.mjs ${rounds}`;
writeFileSync(
  file,
  `${JSON.stringify({ environment: { ...environment, vectors: kind }, command, ceilings: { fmaGflopsPerThread: rates[Math.floor(rates.length / 2)] }, results, rivals }, null, 1)}\n`,
);
console.error(file);
