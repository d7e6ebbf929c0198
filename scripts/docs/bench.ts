import { quartiles } from "#heddle/bench/measure.js";
import type { BenchResult } from "#heddle/bench/run.js";
import { counted, plural } from "#heddle/core/words.js";
import {
  type Bench,
  fastestRivals,
  machineOf,
  markdownTable,
  milliseconds,
  newestBenches,
  newestOfEachKind,
  percent,
  rivalKind,
  type Section,
  sourceLine,
  timesAsFast,
} from "./results.js";

const notYet = "_Not measured yet: `npm run bench` writes the figures._";

/** One part a bench, or the note that there is none. */
const each = (benches: readonly Bench[], part: (bench: Bench) => string): string =>
  benches.length === 0 ? notYet : benches.map((bench) => part(bench)).join("\n\n");

/** Training steps beside PyTorch's: the newest bench of each kind of processor. */
export const benchSection: Section = (root) =>
  each(newestOfEachKind(), (bench) => trainingTable(bench, root));

/** The same of each Node version too. */
export const benchTrainingSection: Section = (root) =>
  each(newestBenches(), (bench) => trainingTable(bench, root));

export const benchInferenceSection: Section = (root) =>
  each(newestBenches(), (bench) => inferenceTable(bench, root));

export const benchFiguresSection: Section = (root) =>
  each(newestBenches(), (bench) => figuresTable(bench, root));

/** How a training step compares with PyTorch's, over all models and the newest benches, in a sentence. */
export const benchClaimSection: Section = () => {
  const rivals = newestBenches()
    .flatMap(({ result }) =>
      result.results
        .filter(({ name }) => name.startsWith("train/"))
        .flatMap((ours) => fastestRivals(result, ours)),
    )
    .filter((rival) => rivalKind(rival) === "PyTorch")
    .sort((a, b) => b.ratio - a.ratio);
  const [least, most] = [rivals[0], rivals[rivals.length - 1]];
  if (!least) return notYet;
  return `- **Faster than native.** A training step is ${timesAsFast(least)} to ${timesAsFast(most)} as fast as in ${least.rival} on the same threads, over all models below.`;
};

function trainingTable(bench: Bench, root: string): string {
  const { results, rivals } = bench.result;
  const pairs = results
    .filter(({ name }) => name.startsWith("train/"))
    .flatMap((ours) => {
      const pytorch = fastestRivals(bench.result, ours).find((one) => rivalKind(one) === "PyTorch");
      return pytorch ? [{ ours, pytorch }] : [];
    });
  const version = rivals.find((rival) => rivalKind(rival) === "PyTorch")?.rival ?? "PyTorch";
  return [
    `${machineOf(bench)}, ${results[0].threads} threads:`,
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
  const { results, epoch } = bench.result;
  const threads = results[0]?.threads;
  const row = (name: string, count = threads) =>
    results.find((one) => one.name === name && one.threads === count);
  const base = row("train/proposed/128");
  /** The median over the rounds of one ÷ the other. */
  const ratio = (one: BenchResult, other: BenchResult): number =>
    quartiles(one.rounds.map((ms, round) => ms / other.rounds[round])).median;
  const times = (value: number): string => `${value.toFixed(2)} ×`;
  const rows: string[][] = [];
  const one = row("train/proposed/128", 1);
  if (base && one && threads !== 1)
    rows.push([`${threads} threads against one`, times(1 / ratio(base, one))]);
  for (const batch of [32, 512]) {
    const other = row(`train/proposed/${batch}`);
    if (base && other)
      rows.push([`images/s at batch ${batch}, of batch 128's`, times((batch / 128) * ratio(base, other))]);
  }
  if (epoch) {
    rows.push(["a whole epoch, validation and all, of 375 steps", times(epoch.ratio)]);
    rows.push(["peak memory, data set included", `${Math.round(epoch.peakBytes / 1e6)} MB`]);
  }
  return [
    `${machineOf(bench)}:`,
    "",
    markdownTable(["training the Proposed CNN, batch 128", "measured"], rows),
    "",
    sourceLine(bench, root),
  ].join("\n");
}
