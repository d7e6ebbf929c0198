import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A result file's JSON, or undefined where there is none. */
export function readResult(name) {
  const file = join("results", name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** The newest bench of each kind of processor: [{ kind, file, result }], by kind. */
export function newestBenches() {
  const pattern = /^bench-\d{8}T\d{6}Z-(?<kind>[a-z0-9]+)-node.+\.json$/;
  const names = existsSync("results") ? readdirSync("results").filter((name) => pattern.test(name)) : [];
  // Names begin with their UTC time: the last of a kind is its newest.
  const newest = new Map(names.sort().map((file) => [pattern.exec(file).groups.kind, file]));
  return [...newest].sort().map(([kind, file]) => ({ kind, file, result: readResult(file) }));
}

/** A Markdown table; every column but the first is aligned right. */
export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

/** 0.5 → 0.50, 37.04 → 37.0, 116000 → 116,000: three figures, or all whole ones. */
export function milliseconds(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}
