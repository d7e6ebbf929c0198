import type { SharesFile } from "../bench/result-files.js";
import { markdownTable, readResults } from "./results.js";

/** A machine with so many waiting processes is not idle: what is measured on it says little. */
const idleLoad = 0.3;

/** What a training step costs where the processors are shared: results/processor-shares.json. */
export function sharesSection(): string {
  const [found] = readResults<SharesFile>(/^processor-shares\.json$/);
  if (!found) return "_Not measured yet: `node dist/scripts/processor-shares.js` writes the figures._";
  const { environment, command, results, batch, load, quota } = found.file;
  const one = results[0].cpuMs;
  const rows = results.map(({ situation, threads, stepMs, expectedMs, cpuMs }) => [
    situation,
    String(threads),
    stepMs.toFixed(1),
    expectedMs === null ? "" : expectedMs.toFixed(1),
    (cpuMs / one).toFixed(2),
  ]);
  const heads = [
    "situation",
    "threads",
    "ms a step",
    "explained by the share",
    "processor time, one thread = 1",
  ];
  const notes = [
    quota === null ? " No control group could be made there: half a core is left out." : "",
    load > idleLoad ? ` The machine was shared with others (load ${load.toFixed(1)}).` : "",
  ].join("");
  return [
    `${environment.processor} (${environment.vectors}), Node ${environment.node}, the Proposed CNN at batch ${batch}:`,
    "",
    markdownTable(heads, rows),
    "",
    `\`${command}\` → \`results/${found.name}\`.${notes}`,
  ].join("\n");
}
