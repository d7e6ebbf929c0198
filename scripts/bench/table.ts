// Thirteen networks on heddle, PyTorch, TensorFlow and ONNX Runtime in turn, on an idle machine; docs/benchmarks.md
// says what to install:
//   npm run build && node dist/scripts/bench/table.js
// writes results/table-<UTC time>-<avx2|avx512|…>.json after every row, in some twelve minutes.
//   --networks a,b    some of the networks            --works a,b       of train, infer, single
//   --rivals a,b      of pytorch, keras, onnxruntime  --threads N       instead of one a processor that may be used
//   --rounds N        at most (12)
//   --seconds N       of rounds a row (8), never fewer than 3 rounds
//   --newer-node FILE another Node than scripts/newer-nodes has to run heddle on with V8's 256-bit pass
//   --plain           the newer Node without the pass too
//   --rivals-avx2     rivals with vectors of 256 bits, as on a processor that has no wider ones: PyTorch and TensorFlow
//                     can be told so, ONNX Runtime can't and stays out
// Without one of the rivals, with other threads or fewer than 3 rounds it writes results/quick-….json, which no page
// reads.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { interleave, medianRatio } from "#heddle/bench/interleave.js";
import { quartiles } from "#heddle/bench/measure.js";
import { networkGraph, type TableNetwork, tableNetworks } from "#heddle/bench/networks.js";
import { summarize } from "#heddle/core/graph/index.js";
import { plural } from "#heddle/core/words.js";
import { nodePlatform } from "#heddle/node/platform.js";
import type { Question } from "../../bench/rivals/question.js";
import { chosen, wholeNumber } from "../arguments.js";
import { type Contestant, contestants, engines, newerNode, tableRivals } from "./contestants.js";
import { describeNetwork } from "./describe-network.js";
import { describeMachine } from "./machine.js";
import { checkSameOutputs, writeOnnxFiles } from "./onnx-files.js";
import { nameOf, type TableEntry, type TableFile, type TableRow, type TableWork } from "./result-files.js";
import { type Rival, startRival } from "./rival-process.js";
import { stamp, writeResult } from "./write-result.js";

const { values: options } = parseArgs({
  options: {
    networks: { type: "string" },
    works: { type: "string" },
    rivals: { type: "string" },
    threads: { type: "string", default: String(nodePlatform.cores) },
    rounds: { type: "string", default: "12" },
    seconds: { type: "string", default: "8" },
    "newer-node": { type: "string", default: newerNode },
    plain: { type: "boolean", default: false },
    "rivals-avx2": { type: "boolean", default: false },
  },
});
process.chdir(fileURLToPath(new URL("../../..", import.meta.url)));
const say = (text: string): void => console.error(text);

const listed = (list: string | undefined): readonly string[] => list?.split(",") ?? [];

const networks = chosen(
  listed(options.networks),
  tableNetworks.map(({ name }) => name),
).map((name) => tableNetworks.find((network) => network.name === name)!);
const works = chosen<TableWork>(listed(options.works), ["infer", "train", "single"]);
const narrowRivals = options["rivals-avx2"];
const possible: readonly (typeof tableRivals)[number][] = tableRivals.filter(
  (name) => !(narrowRivals && name === "onnxruntime"),
);
// What oneDNN, ATen and MKL read.
if (narrowRivals)
  Object.assign(process.env, {
    ONEDNN_MAX_CPU_ISA: "AVX2",
    ATEN_CPU_CAPABILITY: "avx2",
    MKL_ENABLE_INSTRUCTIONS: "AVX2",
  });
const threads = wholeNumber(options.threads, "--threads");
const mostRounds = wholeNumber(options.rounds, "--rounds");
const seconds = wholeNumber(options.seconds, "--seconds");
const own = engines(options["newer-node"], options.plain);
if (own.length === 1) say("There is no newer Node: heddle runs on this one alone.");

/** OpenMP's and ONNX Runtime's threads spin for a while after their work. */
const rest = () => new Promise<void>((resolve) => setTimeout(resolve, restMs));
const restMs = 100;
/** A setting this many times as slow as another of the same rival, once warm, takes no part in the rounds. */
const clearlySlower = 1.3;

const rows: TableRow[] = [];
const skipped: { what: string; why: string }[] = [];
const skip = (what: string, why: string): void => {
  if (skipped.some((other) => other.what === what && other.why === why)) return;
  skipped.push({ what, why });
  say(`  ${what} left out: ${why}`);
};

const rivals = await installed(chosen(listed(options.rivals), possible));
const quick = mostRounds < 3 || rivals.length < possible.length || threads !== nodePlatform.cores;
const environment = describeMachine();
const file = `${quick ? "quick-table" : "table"}-${stamp()}-${environment.vectors}.json`;
const command = ["node dist/scripts/bench/table.js", ...process.argv.slice(2)].join(" ");

/** A contestant at work. */
interface Present extends Contestant {
  readonly rival: Rival;
}

const folder = mkdtempSync(join(tmpdir(), "heddle-table-"));
try {
  for (const network of networks) {
    // Of each row, so that its memory tells of nothing else.
    for (const work of works) {
      if (work === "single") continue;
      const batch = work === "infer" ? network.inferBatch : network.trainBatch;
      await among([network], (present) => measure(network, work, batch, threads, present));
    }
  }
  // TensorFlow takes its number of threads once for a process.
  if (works.includes("single"))
    await among(networks, async (present) => {
      for (const network of networks) await measure(network, "single", 1, 1, present);
    });
} finally {
  rmSync(folder, { recursive: true });
}
console.log(join("results", file));

/** Those of the rivals that can be started. */
async function installed(names: typeof possible): Promise<typeof possible> {
  const there: (typeof possible)[number][] = [];
  for (const name of names) {
    const rival = await startRival(name);
    if ("missing" in rival) {
      skip(name, rival.missing);
      continue;
    }
    rival.end();
    there.push(name);
  }
  return there;
}

/** Work among all that take part in the rows of these networks, in a process each. */
async function among(
  those: readonly TableNetwork[],
  work: (present: readonly Present[]) => Promise<void>,
): Promise<void> {
  const present = await start(those);
  try {
    await work(present);
  } finally {
    for (const { rival } of present) rival.end();
  }
}

async function start(those: readonly TableNetwork[]): Promise<readonly Present[]> {
  const images = those.some(({ name }) => readsImages(name));
  const started = await Promise.all(
    contestants(own, rivals, images).map(async (contestant): Promise<Present[]> => {
      const rival = await contestant.start();
      if (!("missing" in rival)) return [{ ...contestant, rival }];
      skip(contestant.kind, rival.missing);
      return [];
    }),
  );
  return started.flat();
}

/** Whether a layer reads images, so that their layout matters. */
function readsImages(name: TableNetwork["name"]): boolean {
  return networkGraph(name).nodes.some(({ layer }) => layer.type.toLowerCase().includes("conv2d"));
}

/** A row: all that can do its work, in turn. */
async function measure(
  network: TableNetwork,
  work: TableWork,
  batch: number,
  count: number,
  present: readonly Present[],
): Promise<void> {
  const { name, title } = network;
  say(`${title}, ${work} ${batch}, ${plural(count, "thread")}:`);
  const question = { kind: work === "train" ? work : ("infer" as const), batch, threads: count };
  const wanted = summarize(networkGraph(name)).parameters;
  const ready: (Present & { readonly asked: Question; readonly pilotMs: number })[] = [];
  for (const contestant of present) {
    const { kind, setting, rival } = contestant;
    if (kind === "onnxruntime" && work === "train") continue;
    if (setting === "channels-first" && !readsImages(name)) continue;
    try {
      const asked = {
        ...question,
        ...contestant.question,
        ...(await materials(kind, network, batch, rival)),
      };
      const { ms, parameters = wanted } = await rival.ask({ ...asked, fresh: true });
      if (parameters !== wanted) throw new Error(`it trains ${parameters} numbers, heddle ${wanted}`);
      ready.push({ ...contestant, asked, pilotMs: ms! });
    } catch (error) {
      skip(nameOf(name, work, rival.name, setting), (error as Error).message);
    }
  }

  const fastest = (kind: string): number =>
    Math.min(...ready.filter((one) => one.kind === kind).map(({ pilotMs }) => pilotMs));
  const takesPart = ready.map(
    ({ kind, pilotMs }) => kind === "heddle" || pilotMs < clearlySlower * fastest(kind),
  );
  const peaks = ready.map((): number | null => null);
  const entries = ready.map(({ rival, asked, setting }, index) => ({
    name: nameOf(name, work, rival.name, setting),
    run: async () => {
      const { ms, peakBytes } = await rival.ask(asked);
      peaks[index] = peakBytes ?? null;
      return ms!;
    },
  }));
  const racing = entries.filter((_, index) => takesPart[index]);
  const failed = new Set<string>();
  const rounds = roundsFor(ready.filter((_, index) => takesPart[index]));
  const times = await interleave(racing, rounds, rest, (entry, error) => {
    failed.add(entry.name);
    skip(entry.name, error.message);
  });
  const result = ready.flatMap(({ kind, setting, rival, pilotMs }, index): TableEntry[] => {
    if (failed.has(entries[index].name)) return [];
    const own = takesPart[index] ? times[racing.indexOf(entries[index])] : [];
    const ours = kind === "heddle";
    return [{ name: rival.name, setting, ours, pilotMs, rounds: own, peakBytes: peaks[index] }];
  });
  for (const { name: who, setting, pilotMs, rounds, peakBytes } of result) {
    const ms = rounds.length > 0 ? quartiles(rounds).median.toFixed(2) : `some ${pilotMs.toFixed(2)}`;
    const memory = peakBytes === null ? "" : `, ${Math.round(peakBytes / 1e6)} MB`;
    say(`  ${nameOf(who, setting)}: ${ms} ms${memory}`);
  }
  const theirs = result.filter(({ ours, rounds }) => !ours && rounds.length > 0);
  const [best] = theirs.sort((a, b) => quartiles(a.rounds).median - quartiles(b.rounds).median);
  for (const { setting, rounds } of best ? result.filter(({ ours }) => ours) : [])
    say(`  ${setting}: ${(1 / medianRatio(rounds, best.rounds)).toFixed(2)} × as fast as ${best.name}`);
  rows.push({ network: name, work, batch, threads: count, entries: result });
  const content: TableFile = {
    environment,
    ...(narrowRivals && { rivalVectors: "avx2" as const }),
    processPerRow: true,
    command,
    rows,
    skipped,
  };
  writeResult(file, content);
}

/** What a contestant builds a network from. @throws Error where a rival's outputs aren't heddle's */
async function materials(
  kind: Contestant["kind"],
  { name }: TableNetwork,
  batch: number,
  rival: Rival,
): Promise<Pick<Question, "model" | "network" | "files">> {
  if (kind === "heddle") return { model: name };
  if (kind !== "onnxruntime") return { network: describeNetwork(networkGraph(name)) };
  const onnx = await writeOnnxFiles(folder, name, batch);
  await checkSameOutputs(rival, onnx);
  return { files: onnx.files };
}

/** As many rounds as the row's time allows, at least three and at most as many as asked for. */
function roundsFor(racing: readonly { readonly pilotMs: number }[]): number {
  const aRound = racing.reduce((sum, { pilotMs }) => sum + Math.max(60, pilotMs) + restMs, 0);
  return Math.min(mostRounds, Math.max(3, Math.floor((seconds * 1000) / aRound)));
}
