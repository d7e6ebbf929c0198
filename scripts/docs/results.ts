import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult } from "#heddle/bench/run.js";
import { counted } from "#heddle/core/words.js";
import type { BenchFile, RivalResult } from "../bench/result-files.js";

/** A results file of `npm run bench`, and what its name says. */
export interface Bench {
  /** Of the processor: avx2, avx512, or an architecture. */
  readonly kind: string;
  /** Node's. */
  readonly major: string;
  readonly file: string;
  readonly result: BenchFile;
}

/** The Markdown of a generated part, given the way from its page to the root: "" or "../". */
export type Section = (root: string) => string;

/** A file of results/, as JSON; undefined where there is none. */
export function readResult<File>(name: string): File | undefined {
  const file = join("results", name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as File) : undefined;
}

/** The files of a kind that results/ holds, in the order of their names. */
export function readResults<File>(
  pattern: RegExp,
): readonly { readonly name: string; readonly file: File }[] {
  const names = existsSync("results") ? readdirSync("results").filter((name) => pattern.test(name)) : [];
  return names.sort().map((name) => ({ name, file: readResult<File>(name)! }));
}

const benchName = /^bench-\d{8}T\d{6}Z-(?<kind>[a-z0-9]+)-node(?<major>\d+)[\d.]*\.json$/;

/** Of the tables of networks. */
export const tableName = /^table-\d{8}T\d{6}Z-[a-z0-9]+\.json$/;

/** The newest bench of each kind of processor, Node version, width of vectors and number of threads, in that order. */
export function newestBenches(): readonly Bench[] {
  // Names begin with their UTC time: the last of its sort is the newest.
  const newest = new Map<string, Bench>();
  for (const { name, file: result } of readResults<BenchFile>(benchName)) {
    const { kind, major } = benchName.exec(name)!.groups!;
    const { environment, ceilings } = result;
    const numbers = [Number(major), environment.vectorBits ?? 128, ceilings.threads];
    const key = [kind, ...numbers.map((number) => String(number).padStart(4, "0"))].join(" ");
    newest.set(key, { kind, major, file: name, result });
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bench]) => bench);
}

/**
 * The newest bench of each kind of processor, whatever its Node version, as it comes: what was asked to have other
 * threads or narrow vectors stands for no machine.
 */
export function newestOfEachKind(): readonly Bench[] {
  const newest = new Map<string, Bench>();
  for (const bench of newestBenches().filter(({ result }) => result.command === "npm run bench")) {
    const known = newest.get(bench.kind);
    if (!known || bench.file > known.file) newest.set(bench.kind, bench);
  }
  return [...newest.values()];
}

const vectors: Readonly<Record<string, string>> = { avx2: "AVX2", avx512: "AVX-512" };

/** The name that readers know a processor's widest vectors by. */
export const vectorsOf = (kind: string): string => vectors[kind] ?? kind;

/** "Node 20.20.2", or "Node 24.21.0 with 256-bit vectors" */
export const nodeOf = ({ result: { environment } }: Bench): string =>
  `Node ${environment.node}${environment.vectorBits === 256 ? " with 256-bit vectors" : ""}`;

/** "AMD EPYC (AVX-512), Node 20.20.2" */
export const machineOf = (bench: Bench): string =>
  `${bench.result.environment.processor} (${vectorsOf(bench.kind)}), ${nodeOf(bench)}`;

/** A rival's name without its version. */
export const rivalKind = ({ rival }: RivalResult): string => rival.replace(/ [^ ]*$/, "");

/** Of each rival in some work its fastest setting, the fastest rival first. */
export function fastestRivals({ rivals }: BenchFile, { name, threads }: BenchResult): readonly RivalResult[] {
  const own = rivals.filter((rival) => rival.name === name && rival.threads === threads);
  const fastest = new Map<string, RivalResult>();
  for (const rival of [...own].sort((a, b) => b.ratio - a.ratio))
    if (!fastest.has(rivalKind(rival))) fastest.set(rivalKind(rival), rival);
  return [...fastest.values()];
}

/** 2.5 → 2.50 ×, 12.34 → 12.3 ×, 3785 → 3,785 × */
export const timesText = (times: number): string =>
  `${times >= 100 ? counted(Math.round(times)) : times.toFixed(times >= 10 ? 1 : 2)} ×`;

/** How many times as fast heddle is. */
export const timesAsFast = ({ ratio }: RivalResult): string => timesText(1 / ratio);

/** Where a table's figures come from. */
export function sourceLine({ file, result: { command } }: Bench, root: string): string {
  return `\`${command}\` → [${file}](${root}results/${file}), which holds the raw rounds.`;
}

/** A Markdown table; every column but the first ones, which are words, is aligned right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  wordColumns = 1,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column < wordColumns ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

/** A result's command as it is today: what some files call bench/NAME.mjs is scripts/bench/NAME.ts now. */
export const todaysCommand = (command: string): string =>
  command.replace(/^node bench\/([a-z-]+)\.mjs/, "node dist/scripts/bench/$1.js");

/** 0.00312 → 0.00312, 0.5 → 0.500, 37.04 → 37.0, 116000 → 116,000: three figures, or all whole ones. */
export const milliseconds = (value: number): string =>
  value >= 100 ? counted(Math.round(value)) : value.toPrecision(3);

export const percent = (share: number | null): string =>
  share === null ? "" : `${(100 * share).toFixed(0)} %`;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
