import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A result file's JSON, or undefined where there is none. */
export function readResult(name) {
  const file = join("results", name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

const benchName = /^bench-\d{8}T\d{6}Z-(?<kind>[a-z0-9]+)-node(?<major>\d+)[\d.]*\.json$/;

/** The newest bench of each kind of processor and Node version: [{ kind, major, file, result }], in that order. */
export function newestBenches() {
  const names = existsSync("results") ? readdirSync("results").filter((name) => benchName.test(name)) : [];
  // Names begin with their UTC time: the last of its sort is the newest.
  const newest = new Map();
  for (const file of names.sort()) {
    const { kind, major } = benchName.exec(file).groups;
    newest.set(`${kind} ${major.padStart(4, "0")}`, { kind, major, file });
  }
  return [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, bench]) => ({ ...bench, result: readResult(bench.file) }));
}

/** The newest bench of each kind of processor, whatever its Node version. */
export function newestOfEachKind() {
  const newest = new Map();
  for (const bench of newestBenches()) {
    const known = newest.get(bench.kind);
    if (!known || bench.file > known.file) newest.set(bench.kind, bench);
  }
  return [...newest.values()];
}

const vectors = { avx2: "AVX2", avx512: "AVX-512" };

/** "AMD EPYC (AVX-512), Node 20.20.2" */
export function machineOf({ kind, result: { environment } }) {
  return `${environment.processor} (${vectors[kind] ?? kind}), Node ${environment.node}`;
}

/** A rival's name without its version. */
export const rivalKind = ({ rival }) => rival.replace(/ [^ ]*$/, "");

/** Of each rival in some work its fastest setting, the fastest rival first. */
export function fastestRivals({ rivals }, { name, threads }) {
  const own = rivals.filter((rival) => rival.name === name && rival.threads === threads);
  const fastest = new Map();
  for (const rival of [...own].sort((a, b) => b.ratio - a.ratio))
    if (!fastest.has(rivalKind(rival))) fastest.set(rivalKind(rival), rival);
  return [...fastest.values()];
}

/** How many times as fast heddle is. */
export const timesAsFast = ({ ratio }) => {
  const times = 1 / ratio;
  return `${times >= 100 ? Math.round(times).toLocaleString("en-US") : times.toFixed(times >= 10 ? 1 : 2)} ×`;
};

/** Where a table's figures come from. */
export function sourceLine({ file, result: { command } }, root) {
  return `\`${command}\` → [${file}](${root}results/${file}), which holds the raw rounds.`;
}

/** A Markdown table; every column but the first ones, which are words, is aligned right. */
export function markdownTable(head, rows, wordColumns = 1) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column < wordColumns ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

/** 0.5 → 0.50, 37.04 → 37.0, 116000 → 116,000: three figures, or all whole ones. */
export function milliseconds(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

export const percent = (share) =>
  share === null || share === undefined ? "" : `${(100 * share).toFixed(0)} %`;

/** The middle one, or the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
