import type { DesignsFile } from "../bench/result-files.js";
import { markdownTable, readResults } from "./results.js";

/** The designs that scripts/bench/designs.ts times, one column a machine and Node version. */
export function designsSection(): string {
  const columns = readResults<DesignsFile>(/^designs-.*\.json$/).map(({ file }) => file);
  if (columns.length === 0)
    return "_Not measured yet: `node dist/scripts/bench/designs.js` writes the figures._";
  const head = columns.map(
    ({ environment: { vectors, node, vectorBits } }) =>
      `${vectors}, Node ${node}${vectorBits === 256 ? ", 256 bits" : ""}`,
  );
  const rows = columns[0].results.map(({ name }) => [
    name,
    ...columns.map(({ results }) => results.find((other) => other.name === name)?.gflops.toFixed(1) ?? ""),
  ]);
  return [
    markdownTable(["design", ...head], rows),
    "",
    "GFLOP/s of one thread, the best of 24 interleaved rounds; `node dist/scripts/bench/designs.js` → `results/designs-*.json`.",
  ].join("\n");
}
