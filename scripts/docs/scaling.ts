import type { ScalingFile } from "../bench/result-files.js";
import { markdownTable, readResults, todaysCommand } from "./results.js";

/** How a training step scales with threads and batch: every results/scaling-*.json. */
export function scalingSection(): string {
  const files = readResults<ScalingFile>(/^scaling-.*\.json$/);
  if (files.length === 0)
    return "_Not measured yet: `node dist/scripts/bench/scaling.js` writes the figures._";
  return files
    .map(({ name, file: { environment, command, ratios, rounds } }) => {
      const count = Object.values(rounds)[0].length;
      return [
        `${environment.processor} (${environment.vectors}), Node ${environment.node}:`,
        "",
        markdownTable(
          ["ratio", "median"],
          Object.entries(ratios).map(([words, value]) => [words, value.toFixed(2)]),
        ),
        "",
        `${count} interleaved rounds of the Proposed CNN's training step; \`${todaysCommand(command)}\` → \`results/${name}\`.`,
      ].join("\n");
    })
    .join("\n\n");
}
