import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "./results.mjs";

/** The designs that bench/designs.mjs times, one column a machine and Node version. */
export function designsSection() {
  const files = readdirSync("results")
    .filter((name) => /^designs-.*\.json$/.test(name))
    .sort();
  if (files.length === 0) return "_Not measured yet: `node bench/designs.mjs` writes the figures._";
  const columns = files.map((name) => JSON.parse(readFileSync(join("results", name), "utf8")));
  const head = columns.map(({ environment }) => `${environment.vectors}, Node ${environment.node}`);
  const rows = columns[0].results.map(({ name }) => [
    name,
    ...columns.map(({ results }) => results.find((other) => other.name === name)?.gflops.toFixed(1) ?? ""),
  ]);
  return [
    markdownTable(["design", ...head], rows),
    "",
    "GFLOP/s of one thread, the best of 24 interleaved rounds; `node bench/designs.mjs` → `results/designs-*.json`.",
  ].join("\n");
}
