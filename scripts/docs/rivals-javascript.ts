import type { BenchResult } from "#heddle/bench/run.js";
import type { RivalResult } from "../bench/result-files.js";
import {
  type Bench,
  fastestRivals,
  machineOf,
  markdownTable,
  milliseconds,
  newestOfEachKind,
  rivalKind,
  sourceLine,
  timesAsFast,
} from "./results.js";

const work = { name: "train/proposed/128" };
const stepsPerEpoch = 375;
const head = ["engine", "ms a step", `${stepsPerEpoch} steps`];

/** What else trains the same network from JavaScript, PyTorch for scale, and heddle. */
export function rivalsJavascriptSection(root: string): string {
  const measured = newestOfEachKind().flatMap((bench) => {
    const ours = bench.result.results.find(({ name }) => name === work.name);
    const rivals = ours ? fastestRivals(bench.result, ours) : [];
    const others = rivals.some((rival) => ["jax-js", "TensorFlow.js"].includes(rivalKind(rival)));
    return ours && others ? [measuredTable(bench, ours, rivals, root)] : [];
  });
  return measured.length > 0
    ? measured.join("\n\n")
    : "_Not measured yet: `npm run bench` writes the figures._";
}

function measuredTable(
  bench: Bench,
  ours: BenchResult,
  rivals: readonly RivalResult[],
  root: string,
): string {
  const row = (engine: string, ms: number, faster: string): string[] => [
    engine,
    milliseconds(ms),
    duration(ms),
    faster,
  ];
  const rows = [...rivals]
    .reverse()
    .map((rival) => row(`${rival.rival}, ${rival.setting}`, rival.medianMs, timesAsFast(rival)));
  const cannot = bench.result.skipped.filter(({ what }) => what.startsWith(`${work.name},`));
  return [
    `${machineOf(bench)}:`,
    "",
    markdownTable(
      [...head, "heddle, times as fast"],
      [...rows, row(`**heddle ${bench.result.environment.heddle}**`, ours.medianMs, "")],
    ),
    "",
    ...cannot.flatMap(({ what, why }) => [
      `Not in the table: ${what.replace(`${work.name}, `, "")}: ${why}.`,
      "",
    ]),
    `Proposed CNN, batch 128, a whole step; ${sourceLine(bench, root)}`,
  ].join("\n");
}

/** What an epoch of such steps takes. */
function duration(stepMs: number): string {
  const seconds = (stepMs * stepsPerEpoch) / 1000;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
