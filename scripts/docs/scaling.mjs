import { readdirSync } from "node:fs";
import { markdownTable, readResult } from "./results.mjs";

/** How a training step scales with threads and batch: every results/scaling-*.json. */
export function scalingSection() {
  const files = readdirSync("results").filter((name) => /^scaling-.*\.json$/.test(name));
  if (files.length === 0) return "_Not measured yet: `node bench/scaling.mjs` writes the figures._";
  return files
    .sort()
    .map((file) => {
      const { environment, command, ratios, rounds } = readResult(file);
      const count = Object.values(rounds)[0].length;
      return [
        `${environment.processor} (${environment.vectors}), Node ${environment.node}:`,
        "",
        markdownTable(
          ["ratio", "median"],
          Object.entries(ratios).map(([name, value]) => [name, value.toFixed(2)]),
        ),
        "",
        `${count} interleaved rounds of the Proposed CNN's training step; \`${command}\` → \`results/${file}\`.`,
      ].join("\n");
    })
    .join("\n\n");
}
