// heddle and its rivals in turn, on an idle machine:
//   npm ci --prefix bench && npm run bench
// writes results/bench-<UTC time>-<avx2|avx512|…>-node<version>.json in some twelve minutes. PyTorch, if wanted, is
// Debian's python3-torch and libopenblas0. A rival that isn't installed is named and left out.
//   --quick        two minutes, without kernels and slow rivals; writes results/quick-….json, which no page reads
//   --threads N    instead of one a processor
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureBandwidth } from "../dist/bench/bandwidth.js";
import { interleave, medianRatio } from "../dist/bench/interleave.js";
import { createCeiling, quartiles, timeBesideCeiling, warmUp } from "../dist/bench/measure.js";
import { benchRow, benchRows, resultOf } from "../dist/bench/run.js";
import { describeEnvironment } from "../dist/node/environment.js";
import { comparisons } from "./comparisons.mjs";
import { checkSameOutputs, writeOnnxFiles } from "./onnx-files.mjs";
import { startRival } from "./rival-process.mjs";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, threads: { type: "string" } },
});
const { quick } = options;
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const threads = Number(options.threads ?? availableParallelism());
const rounds = quick ? 4 : 12;
const say = (text) => console.error(text);
/** OpenMP's and ONNX Runtime's threads spin for a while after their work. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 200));

const results = [];
const rivals = [];
const skipped = [];
const skip = (what, why) => {
  skipped.push({ what, why });
  say(`${what} left out: ${why}`);
};

const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
const files = writeOnnxFiles(folder);
const started = {};
for (const name of ["pytorch", "onnxruntime", "tensorflow", "jax"]) {
  started[name] = await startRival(name);
  if (started[name].missing) skip(name, started[name].missing);
}
if (started.onnxruntime.ask) await checkSameOutputs(started.onnxruntime, files);

for (const group of comparisons(threads)) await compare(group);
for (const rival of Object.values(started)) rival.end?.();
const measured = new Set(results.map(({ name }) => name));
for (const row of benchRows(quick ? ["infer"] : ["infer", "kernel"])) {
  if (measured.has(row.name)) continue;
  results.push(await benchRow(row, threads, quick ? 5 : 12));
  sayResult(results.at(-1));
}
const bandwidth = await measureBandwidth(threads, quick ? 5 : 20);
say(`triad: ${bandwidth.memoryGigabytesPerSecond.toFixed(1)} GB/s from memory`);
const epoch = measureEpochs();
write();
rmSync(folder, { recursive: true });

/** Ours and the rivals of one group in turn. */
async function compare({ ours, rivals: opponents }) {
  const own = [];
  for (const { name, threads: count } of ours) {
    const [row] = benchRows([name]);
    const workload = await row.create(count);
    const ceiling = await createCeiling(count);
    const turns = await warmUp(workload, 1000);
    await warmUp(ceiling, 200);
    const ceilings = [];
    const run = async () => {
      const timed = await timeBesideCeiling(workload, turns, ceiling);
      ceilings.push(timed.ceilingMilliseconds);
      return timed.milliseconds;
    };
    own.push({ row, count, workload, ceiling, ceilings, entry: { name, run } });
  }
  const [, kind, model, batch] = /(.+)\/(.+)\/(.+)/.exec(ours[0].name);
  const theirs = [];
  for (const { rival, setting, question, slow } of opponents) {
    const process = started[rival];
    if (process.missing) continue;
    const what = `${ours[0].name}, ${process.name}, ${setting}`;
    if (quick && slow) {
      skip(what, "it takes minutes; run without --quick");
      continue;
    }
    const asked = { kind, model, batch: Number(batch), ...question };
    if (rival === "onnxruntime") Object.assign(asked, files);
    try {
      // The first answer comes after its warm-up; where that took long it is the measurement as well.
      const first = (await process.ask(asked)).ms;
      let kept = first >= 1000 ? first : undefined;
      const run = async () => {
        const milliseconds = kept ?? (await process.ask(asked)).ms;
        kept = undefined;
        return milliseconds;
      };
      theirs.push({
        name: process.name,
        setting,
        rivalThreads: question.threads,
        entry: { name: what, run },
      });
    } catch (error) {
      skip(what, error.message);
    }
  }
  const times = await interleave(
    [...own, ...theirs].map(({ entry }) => entry),
    rounds,
    rest,
  );
  for (const [index, { row, count, workload, ceiling, ceilings }] of own.entries()) {
    await workload.close();
    await ceiling.close();
    const rates = ceilings.map((milliseconds) => ceiling.flops / milliseconds / 1e6 / count);
    results.push(resultOf(row, count, times[index], rates));
    sayResult(results.at(-1));
  }
  for (const [index, { name, setting, rivalThreads }] of theirs.entries()) {
    const own = times[ours.length + index];
    const { median: medianMs } = quartiles(own);
    const ratio = medianRatio(times[0], own);
    rivals.push({ ...ours[0], rival: name, setting, rivalThreads, medianMs, rounds: own, ratio });
    say(`  ${name}, ${setting}: ${medianMs.toFixed(3)} ms, heddle ${(1 / ratio).toFixed(2)} × as fast`);
  }
}

function sayResult({ name, threads: count, medianMs, ofCeiling }) {
  const share = ofCeiling === null ? "" : `, ${(100 * ofCeiling).toFixed(0)} % of the ceiling`;
  say(`${name}, ${count} ${count === 1 ? "thread" : "threads"}: ${medianMs.toFixed(3)} ms${share}`);
}

/** Whole epochs and peak memory, in a process of its own. */
function measureEpochs() {
  const child = spawnSync(process.execPath, ["bench/epoch.mjs", quick ? "1" : "3"], { encoding: "utf8" });
  if (child.status !== 0) {
    skip("whole epochs", child.stderr.trim().split("\n").at(-1));
    return undefined;
  }
  const { peakBytes, rounds: own } = JSON.parse(child.stdout);
  const ratios = own.map(({ epochSeconds, stepMs }) => (epochSeconds * 1000) / (375 * stepMs));
  const ratio = quartiles(ratios).median;
  say(`a whole epoch: ${ratio.toFixed(3)} × 375 steps; peak memory ${(peakBytes / 1e6).toFixed(0)} MB`);
  return { peakBytes, rounds: own, ratio };
}

function write() {
  const cpu = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const vectors = cpu.includes("avx512f") ? "avx512" : cpu.includes("avx2") ? "avx2" : process.arch;
  const environment = { ...describeEnvironment(), vectors };
  const fmaGflopsPerThread = quartiles(results.map((row) => row.fmaGflopsPerThread)).median;
  const ceilings = { fmaGflopsPerThread, threads, ...bandwidth };
  const stamp = new Date().toISOString().replace(/[-:]/g, "").replace(/\..*/, "Z");
  const file = `results/${quick ? "quick" : "bench"}-${stamp}-${vectors}-node${environment.node}.json`;
  const command = `npm run bench${quick ? " -- --quick" : ""}`;
  mkdirSync("results", { recursive: true });
  const content = { environment, command, ceilings, results, rivals, epoch, skipped };
  writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);
  say(file);
}
