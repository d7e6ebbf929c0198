// Two builds of heddle in turn, for a change that must not cost speed. On an idle machine, each build in a folder of
// its own:
//   npm run build && node dist/scripts/compare-builds.js BEFORE AFTER [ROW …] [--rounds 8] [--threads 1,2]
// BEFORE and AFTER are checkouts, or their dist folders; rows are `heddle bench`'s, every training and inference where
// none is named. Each row runs in processes of its own, before then after and, in the next round, after then before.
// Writes results/compare-<UTC time>-<avx2|avx512|…>-node<version>.json, with every process's rounds, after each round,
// so that a stop loses one round at most; prints a table; and fails where a row got slower by more than 3 %.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BenchResult } from "#heddle/bench/run.js";
import { describeMachine, type Machine } from "./bench/machine.js";
import { stamp, writeResult } from "./bench/write-result.js";
import { commitOf } from "./compare/commit.js";
import {
  type Comparison,
  comparisonsOf,
  comparisonTable,
  orderOf,
  type Pair,
  pairUp,
  type Side,
  sides,
  slowerThan,
} from "./compare/pairs.js";

/** What this writes: results/compare-….json. */
interface CompareFile {
  readonly environment: Machine;
  readonly command: string;
  /** Each build's commit, where its folder says it, and "+" where it was changed since. */
  readonly builds: Readonly<Record<Side, string | null>>;
  readonly comparisons: readonly Comparison[];
  /** In the order in which they ran. */
  readonly pairs: readonly Pair[];
}

interface Build {
  readonly commit: string | null;
  readonly program: string;
}

const tolerance = 0.03;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "8" }, threads: { type: "string" } },
  });
  const [before, after, ...rows] = positionals;
  const rounds = Number(values.rounds);
  if (before === undefined || after === undefined)
    throw new Error("Two builds are to be named: compare-builds BEFORE AFTER [ROW …].");
  if (!(Number.isInteger(rounds) && rounds >= 2 && rounds % 2 === 0))
    throw new Error(
      `--rounds got ${values.rounds}: expected an even number, so that both orders come equally often.`,
    );
  return {
    before,
    after,
    rows: rows.length > 0 ? rows : ["train", "infer"],
    rounds,
    threads: values.threads,
  };
}

function openBuild(folder: string): Build {
  const program = ["cli/main.js", "dist/cli/main.js"]
    .map((file) => join(folder, file))
    .find((file) => existsSync(file));
  if (program) return { program, commit: commitOf(folder) };
  throw new Error(`${folder} holds no build: expected a checkout after \`npm ci\`, or its dist folder.`);
}

/** One process of a build. */
function measure({ program }: Build, row: string, threads: string | undefined): readonly BenchResult[] {
  const args = [program, "bench", row, "--json", ...(threads === undefined ? [] : ["--threads", threads])];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return (JSON.parse(stdout) as { results: readonly BenchResult[] }).results;
  throw new Error(`${program} bench ${row} failed: ${error?.message ?? stderr.trim()}`);
}

function compare(): void {
  const { rounds, rows, threads, ...folders } = readArguments();
  const builds = { before: openBuild(folders.before), after: openBuild(folders.after) };
  const environment = describeMachine();
  const name = `compare-${stamp()}-${environment.vectors}-node${environment.node}.json`;
  const command = ["node dist/scripts/compare-builds.js BEFORE AFTER", ...rows, `--rounds ${rounds}`];
  if (threads !== undefined) command.push(`--threads ${threads}`);
  const commits = { before: builds.before.commit, after: builds.after.commit };
  const pairs: Pair[] = [];
  let comparisons: readonly Comparison[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = orderOf(round);
    for (const row of rows) {
      const measured: Record<Side, readonly BenchResult[]> = { before: [], after: [] };
      for (const side of order) measured[side] = measure(builds[side], row, threads);
      pairs.push(...pairUp(order[0], measured.before, measured.after));
      console.error(`round ${round + 1} of ${rounds}, ${row}: ${order.join(", then ")}`);
    }
    comparisons = comparisonsOf(pairs);
    const content: CompareFile = {
      environment,
      command: command.join(" "),
      builds: commits,
      comparisons,
      pairs,
    };
    writeResult(name, content);
  }
  console.log(sides.map((side) => `${side}: ${commits[side] ?? "of no known commit"}`).join("\n"));
  console.log(`\n${comparisonTable(comparisons)}\n\nresults/${name}`);
  const slower = slowerThan(comparisons, tolerance);
  if (slower.length === 0) return;
  console.error(`Slower by more than ${100 * tolerance} %: ${slower.map((row) => row.name).join(", ")}.`);
  process.exitCode = 1;
}

try {
  compare();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
