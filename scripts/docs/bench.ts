import { medianRatio } from "#heddle/bench/interleave.js";
import { counted, listed, plural } from "#heddle/core/words.js";
import type { TableFile } from "../bench/result-files.js";
import { mostSlower } from "./networks.js";
import {
  type Bench,
  fastestRivals,
  machineOf,
  markdownTable,
  milliseconds,
  newestBenches,
  newestOfEachKind,
  nodeOf,
  percent,
  readResults,
  rivalKind,
  type Section,
  sourceLine,
  tableName,
  timesAsFast,
} from "./results.js";

const notYet = "_Not measured yet: `npm run bench` writes the figures._";

/** One part a bench, or the note that there is none. */
const each = (benches: readonly Bench[], part: (bench: Bench) => string): string =>
  benches.length === 0 ? notYet : benches.map((bench) => part(bench)).join("\n\n");

/** Training steps beside PyTorch's: the newest bench of each kind of processor. */
export const benchSection: Section = (root) =>
  each(newestOfEachKind(), (bench) => trainingTable(bench, root));

/** The same of each Node version, width of vectors and number of threads too. */
export const benchTrainingSection: Section = (root) =>
  each(newestBenches(), (bench) => trainingTable(bench, root));

export const benchInferenceSection: Section = (root) =>
  each(newestBenches(), (bench) => inferenceTable(bench, root));

export const benchFiguresSection: Section = (root) =>
  each(newestBenches(), (bench) => figuresTable(bench, root));

/** How a training step compares with PyTorch's, over all that `benchSection` shows, in a sentence. */
export const benchClaimSection: Section = (root) => {
  const compared = newestOfEachKind().flatMap((bench) => pairsOf(bench).map((pair) => ({ bench, ...pair })));
  const [least, ...others] = compared.sort((a, b) => b.pytorch.ratio - a.pytorch.ratio);
  if (!least) return notYet;
  const most = others.at(-1) ?? least;
  const rivals = listed([...new Set(compared.map(({ pytorch }) => pytorch.rival))]);
  const nodes = listed([...new Set(compared.map(({ bench }) => nodeOf(bench)))]);
  const processors = listed([...new Set(compared.map(({ bench }) => bench.result.environment.processor))]);
  const head = least.pytorch.ratio < 1 ? "Faster than native" : "Beside native";
  const range = `${timesAsFast(least.pytorch)} to ${timesAsFast(most.pytorch)}`;
  return `- **${head}.** A training step is ${range} as fast as in ${rivals} on the same threads, over all models below, under ${nodes} on ${processors}.${slowerWords(root)}`;
};

/** Where networks train slower than in their fastest rival: on the machine where those are most. */
function slowerWords(root: string): string {
  const tables = readResults<TableFile>(tableName);
  const nodes = [
    ["Node 20, whose vectors have 128 bits,", /^Node 20\.[\d.]+$/],
    ["Node 24 with 256-bit vectors", /^Node 24\..*256-bit/],
  ] as const;
  const parts = nodes.flatMap(([node, setting]) => {
    const worst = mostSlower(tables, setting);
    if (!worst || worst.slower === 0) return [];
    return [`under ${node} in ${worst.slower} of ${worst.compared} networks on ${worst.machine}`];
  });
  if (parts.length === 0) return "";
  return ` The fastest rival still trains faster ${listed(parts)} ([benchmarks](${root}docs/benchmarks.md)).`;
}

/** Training steps, each with PyTorch's in the faster of its layouts. */
function pairsOf({ result }: Bench) {
  return result.results
    .filter(({ name }) => name.startsWith("train/"))
    .flatMap((ours) => {
      const pytorch = fastestRivals(result, ours).find((one) => rivalKind(one) === "PyTorch");
      return pytorch ? [{ ours, pytorch }] : [];
    });
}

function trainingTable(bench: Bench, root: string): string {
  const { results, rivals } = bench.result;
  const pairs = pairsOf(bench);
  const version = rivals.find((rival) => rivalKind(rival) === "PyTorch")?.rival ?? "PyTorch";
  return [
    `${machineOf(bench)}, ${plural(results[0].threads, "thread")}:`,
    "",
    markdownTable(
      ["training step", "heddle, ms", "of the ceiling", `${version}, ms`, "heddle, times as fast"],
      pairs.map(({ ours, pytorch }) => [
        `\`${ours.name}\``,
        milliseconds(ours.medianMs),
        percent(ours.ofCeiling),
        milliseconds(pytorch.medianMs),
        timesAsFast(pytorch),
      ]),
    ),
    "",
    `Medians of ${results[0].rounds.length} interleaved rounds, PyTorch in the faster of its layouts; ${sourceLine(bench, root)}`,
  ].join("\n");
}

const imagesPerSecond = (name: string, ms: number): string =>
  counted(Math.round((Number(name.split("/")[2]) / ms) * 1000));

function inferenceTable(bench: Bench, root: string): string {
  const { results } = bench.result;
  const rows = results
    .filter(({ name }) => name.startsWith("infer/"))
    .flatMap((ours) => {
      const rivals = fastestRivals(bench.result, ours);
      if (rivals.length === 0) return [];
      const head = `\`${ours.name}\`, ${plural(ours.threads, "thread")}`;
      return [
        [
          head,
          "heddle",
          milliseconds(ours.medianMs),
          imagesPerSecond(ours.name, ours.medianMs),
          percent(ours.ofCeiling),
          "",
        ],
        ...rivals.map((rival) => [
          "",
          `${rival.rival}, ${rival.setting}`,
          milliseconds(rival.medianMs),
          imagesPerSecond(ours.name, rival.medianMs),
          "",
          timesAsFast(rival),
        ]),
      ];
    });
  return [
    `${machineOf(bench)}:`,
    "",
    markdownTable(["work", "engine", "ms", "images/s", "of the ceiling", "heddle, times as fast"], rows),
    "",
    `Each rival in the fastest of its settings; ${sourceLine(bench, root)}`,
  ].join("\n");
}

/** Ratios of rows that ran in the same rounds, and what belongs to no row. */
function figuresTable(bench: Bench, root: string): string {
  const { results, epoch, environment, ceilings } = bench.result;
  const threads = results[0]?.threads;
  const row = (name: string, count = threads) =>
    results.find((one) => one.name === name && one.threads === count);
  const base = row("train/proposed/128");
  const times = (value: number): string => `${value.toFixed(2)} ×`;
  const rows: string[][] = [];
  const one = row("train/proposed/128", 1);
  if (base && one && threads !== 1)
    rows.push([`${threads} threads against one`, times(1 / medianRatio(base.rounds, one.rounds))]);
  for (const batch of [32, 512]) {
    const other = row(`train/proposed/${batch}`);
    if (base && other)
      rows.push([
        `images/s at batch ${batch}, of batch 128's`,
        times((batch / 128) * medianRatio(base.rounds, other.rounds)),
      ]);
  }
  if (epoch) {
    // Those that don't say so had 128 bits under any bench, and its memory where that was more than their own.
    const { vectorBits = 128 } = epoch;
    const most = epoch.vectorBits === undefined ? "at most " : "";
    const width =
      vectorBits === (environment.vectorBits ?? 128) ? "" : `, with vectors of ${vectorBits} bits`;
    rows.push([`a whole epoch, validation and all, of 375 steps${width}`, times(epoch.ratio)]);
    rows.push([`peak memory, data set included${width}`, `${most}${Math.round(epoch.peakBytes / 1e6)} MB`]);
  }
  return [
    `${machineOf(bench)}, ${plural(ceilings.threads, "thread")}:`,
    "",
    markdownTable(["training the Proposed CNN, batch 128", "measured"], rows),
    "",
    sourceLine(bench, root),
  ].join("\n");
}
