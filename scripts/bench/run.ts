// heddle and its rivals in turn, on an idle machine:
//   npm ci --prefix bench && npm run bench
// writes results/bench-<UTC time>-<avx2|avx512|…>-node<version>.json in some twelve minutes; until it has all, what there
// is stands in results/unfinished-…, which no page reads. PyTorch, if wanted, is Debian's python3-torch and libopenblas0.
// A rival that isn't installed is named and left out.
//   --quick        two minutes, without kernels and slow rivals; writes results/quick-….json, which no page reads
//   --threads N    instead of one a processor that may be used
//   --narrow       vectors of 128 bits even where V8 can join them to 256
// With one of the last two the README goes on showing the bench without.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Bandwidth, measureBandwidth } from "#heddle/bench/bandwidth.js";
import { type Entry, interleave, medianRatio } from "#heddle/bench/interleave.js";
import { createCeiling, quartiles, timeBesideCeiling, warmUp } from "#heddle/bench/measure.js";
import { networkGraph } from "#heddle/bench/networks.js";
import { benchRows, networkRow, networkRowNamed, type SteadyRow } from "#heddle/bench/rows.js";
import { type BenchResult, benchRow, resultOf } from "#heddle/bench/run.js";
import { percent, plural } from "#heddle/core/words.js";
import { nodePlatform } from "#heddle/node/platform.js";
import { widenVectors } from "#heddle/node/vector-width.js";
import type { Question } from "../../bench/rivals/question.js";
import { wholeNumber } from "../arguments.js";
import { type Comparison, comparisons, type Opponent } from "./comparisons.js";
import { describeNetwork } from "./describe-network.js";
import { describeMachine } from "./machine.js";
import { checkSameOutputs, type OnnxWork, writeOnnxFiles } from "./onnx-files.js";
import type { BenchFile, EpochResult, MeasuredEpochs, RivalResult } from "./result-files.js";
import { type Rival, type RivalName, startRival } from "./rival-process.js";
import { stamp, writeResult } from "./write-result.js";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    threads: { type: "string", default: String(nodePlatform.cores) },
    narrow: { type: "boolean", default: false },
  },
});
const { quick } = options;
if (!options.narrow) widenVectors();
process.chdir(fileURLToPath(new URL("../../..", import.meta.url)));
const threads = wholeNumber(options.threads, "--threads");
const rounds = quick ? 4 : 12;
const say = (text: string): void => console.error(text);
/** OpenMP's and ONNX Runtime's threads spin for a while after their work. */
const rest = () => new Promise<void>((resolve) => setTimeout(resolve, 200));

const environment = describeMachine();
const name = `bench-${stamp()}-${environment.vectors}-node${environment.node}.json`;
const given = process.argv.slice(2);
const command = ["npm run bench", ...(given.length > 0 ? ["--", ...given] : [])].join(" ");
const unfinished = `unfinished-${name}`;
const results: BenchResult[] = [];
const rivals: RivalResult[] = [];
const skipped: { what: string; why: string }[] = [];
const skip = (what: string, why: string): void => {
  skipped.push({ what, why });
  say(`${what} left out: ${why}`);
};

const started = new Map<RivalName, Rival>();
const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
try {
  const onnx = await writeOnnxFiles(folder, "proposed", 256);
  await startRivals(onnx);
  const bandwidth = await measureBandwidth(threads, quick ? 5 : 20);
  say(`triad: ${bandwidth.memoryGigabytesPerSecond.toFixed(1)} GB/s from memory`);
  for (const group of comparisons(threads)) {
    await compare(group, onnx);
    write(unfinished, bandwidth);
  }
  // They would lie in memory while nobody is beside ours any more.
  endRivals();
  const measured = new Set(results.map((each) => each.name));
  for (const row of benchRows(["infer", "predict", "predict-after-step", ...(quick ? [] : ["kernel"])]))
    if (!measured.has(row.name)) keep(await benchRow(row, threads, quick ? 5 : 12));
  write(unfinished, bandwidth);
  say(write(quick ? `quick-${name}` : name, bandwidth, measureEpochs()));
  rmSync(join("results", unfinished));
} finally {
  endRivals();
  rmSync(folder, { recursive: true });
}

function endRivals(): void {
  for (const rival of started.values()) rival.end();
  started.clear();
}

/** All rivals that are there, ONNX Runtime only where its outputs are heddle's. */
async function startRivals(onnx: OnnxWork): Promise<void> {
  const wanted = comparisons(threads).flatMap((group) => group.rivals.map(({ rival }) => rival));
  for (const each of new Set(wanted)) {
    const rival = await startRival(each);
    if ("missing" in rival) skip(each, rival.missing);
    else started.set(each, rival);
  }
  const onnxruntime = started.get("onnxruntime");
  try {
    if (onnxruntime) await checkSameOutputs(onnxruntime, onnx);
  } catch (error) {
    skip("onnxruntime", (error as Error).message);
    onnxruntime?.end();
    started.delete("onnxruntime");
  }
}

/** Ours and the rivals of one group in turn. */
async function compare({ ours, rivals: opponents }: Comparison, onnx: OnnxWork): Promise<void> {
  const own: Prepared[] = [];
  for (const { name, threads: count } of ours)
    own.push(await prepare(networkRow(networkRowNamed(name)), count));
  const theirs: Challenger[] = [];
  for (const opponent of opponents) {
    const ready = await challenge(ours[0].name, opponent, onnx);
    if (ready) theirs.push(ready);
  }
  const entries = [...own, ...theirs].map(({ entry }) => entry);
  const times = await interleave(entries, rounds, rest, (entry, error) => {
    if (own.some((each) => each.entry === entry)) throw error;
    skip(entry.name, error.message);
  });
  for (const [index, { finish }] of own.entries()) keep(await finish(times[index]));
  for (const [index, { rival, setting, rivalThreads }] of theirs.entries()) {
    const rounds = times[ours.length + index];
    if (rounds.length === 0) continue;
    const { median: medianMs } = quartiles(rounds);
    const ratio = medianRatio(times[0], rounds);
    rivals.push({ ...ours[0], rival, setting, rivalThreads, medianMs, rounds, ratio });
    say(`  ${rival}, ${setting}: ${medianMs.toFixed(3)} ms, heddle ${(1 / ratio).toFixed(2)} × as fast`);
  }
}

interface Prepared {
  readonly entry: Entry;
  finish(times: readonly number[]): Promise<BenchResult>;
}

/** A row of ours, warm, the ceiling beside each of its turns. */
async function prepare(row: SteadyRow, count: number): Promise<Prepared> {
  const workload = await row.create(count);
  const ceiling = await createCeiling(count);
  const turns = await warmUp(workload, 1000);
  await warmUp(ceiling, 200);
  const rates: number[] = [];
  const run = async (): Promise<number> => {
    const { milliseconds, ceilingMilliseconds } = await timeBesideCeiling(workload, turns, ceiling);
    rates.push(ceiling.flops / ceilingMilliseconds / 1e6 / count);
    return milliseconds;
  };
  return {
    entry: { name: row.name, run },
    finish: async (times) => {
      await workload.close();
      await ceiling.close();
      return resultOf(row, count, times, rates);
    },
  };
}

interface Challenger extends Pick<RivalResult, "rival" | "setting" | "rivalThreads"> {
  readonly entry: Entry;
}

/** A rival, warm, in the work of a row of ours; undefined where it can't or shan't do it. */
async function challenge(
  row: string,
  { rival: name, setting, question, slow }: Opponent,
  onnx: OnnxWork,
): Promise<Challenger | undefined> {
  const rival = started.get(name);
  if (!rival) return undefined;
  const what = `${row}, ${rival.name}, ${setting}`;
  if (quick && slow) {
    skip(what, "it takes minutes; run without --quick");
    return undefined;
  }
  const { kind, model, batch } = networkRowNamed(row);
  const asked: Question = {
    kind,
    batch,
    ...question,
    ...(name === "pytorch" && { network: describeNetwork(networkGraph(model)) }),
    ...(name === "onnxruntime" && { files: onnx.files }),
  };
  const ask = async (): Promise<number> => (await rival.ask(asked)).ms!;
  try {
    // The first answer comes after its warm-up; where that took long it is the measurement as well.
    const first = await ask();
    let kept = first >= 1000 ? first : undefined;
    const run = async (): Promise<number> => {
      const milliseconds = kept ?? (await ask());
      kept = undefined;
      return milliseconds;
    };
    return { rival: rival.name, setting, rivalThreads: question.threads, entry: { name: what, run } };
  } catch (error) {
    skip(what, (error as Error).message);
    return undefined;
  }
}

function keep(result: BenchResult): void {
  results.push(result);
  const { name, threads: count, medianMs, ofCeiling } = result;
  const share = ofCeiling === null ? "" : `, ${percent(ofCeiling, 0)} of the ceiling`;
  say(`${name}, ${plural(count, "thread")}: ${medianMs.toFixed(3)} ms${share}`);
}

/** Whole epochs and peak memory, in a process of its own, of as many threads and as wide vectors. */
function measureEpochs(): EpochResult | undefined {
  const program = fileURLToPath(new URL("epoch.js", import.meta.url));
  const told = [quick ? "1" : "3", "--threads", String(threads), ...(options.narrow ? ["--narrow"] : [])];
  const child = spawnSync(process.execPath, [program, ...told], { encoding: "utf8" });
  if (child.status !== 0) {
    skip("whole epochs", child.stderr.trim().split("\n").at(-1)!);
    return undefined;
  }
  const measured = JSON.parse(child.stdout) as MeasuredEpochs;
  const ratios = measured.rounds.map(({ epochSeconds, stepMs }) => (epochSeconds * 1000) / (375 * stepMs));
  const ratio = quartiles(ratios).median;
  const megabytes = (measured.peakBytes / 1e6).toFixed(0);
  say(`a whole epoch: ${ratio.toFixed(3)} × 375 steps; peak memory ${megabytes} MB`);
  return { ...measured, ratio };
}

/** Writes all that was measured so far. */
function write(file: string, bandwidth: Bandwidth, epoch?: EpochResult): string {
  const fmaGflopsPerThread = quartiles(results.map((row) => row.fmaGflopsPerThread)).median;
  const ceilings = { fmaGflopsPerThread, threads, ...bandwidth };
  const content: BenchFile = { environment, command, ceilings, results, rivals, epoch, skipped };
  return writeResult(file, content);
}
