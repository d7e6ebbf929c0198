// Two builds of heddle in turn, for a change that must not cost speed. On an idle machine, each build in a folder of its
// own:
//   npm run build && node dist/scripts/compare-builds.js BEFORE AFTER [ROW …] [--pairs 100] [--threads 1,2]
// BEFORE and AFTER are checkouts, or their dist folders. Rows are `heddle bench`'s (train, infer, kernel, or one of
// theirs), and `call`: steps of `fit` and `predict` of 256 images through the public API, for each of the paper's models;
// all of these where none is named. Both builds run in one process, a turn of each right after the other: where a
// machine's speed drifts from second to second, the two have it in common. In every second pair the build after comes
// first.
// Writes results/compare-<UTC time>-<avx2|avx512|…>-node<version>.json, with every pair, after each row; prints a table;
// and fails where a row got slower by more than 3 %.
import { parseArgs } from "node:util";
import { wholeNumber } from "./arguments.js";
import { describeMachine, type Machine } from "./bench/machine.js";
import { stamp, writeResult } from "./bench/write-result.js";
import { type Build, openBuild } from "./compare/build.js";
import {
  type Comparison,
  comparisonOf,
  comparisonTable,
  orderOf,
  type Pair,
  type Side,
  sides,
  slowerThan,
} from "./compare/pairs.js";
import { type ComparedRow, comparedRows } from "./compare/rows.js";

/** What this writes: results/compare-….json. */
interface CompareFile {
  readonly environment: Machine;
  readonly command: string;
  /** Each build's commit, where its folder says it, and "+" where it was changed since. */
  readonly builds: Readonly<Record<Side, string | null>>;
  readonly comparisons: readonly (Omit<Comparison, "pairs"> & Readonly<Record<Side, readonly number[]>>)[];
}

/** A row as the file has it: milliseconds of each pair, the build before first in the even ones, counted from 0. */
function written({ pairs, ...row }: Comparison): CompareFile["comparisons"][number] {
  const milliseconds = (side: Side): number[] => pairs.map((pair) => Number(pair[side].toFixed(4)));
  return { ...row, before: milliseconds("before"), after: milliseconds("after") };
}

const tolerance = 0.03;
/** Turns of both that don't count: code is still being compiled. */
const warmTurns = 20;
/** For the other build's threads to come to rest, milliseconds. */
const restMilliseconds = 2;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { pairs: { type: "string", default: "100" }, threads: { type: "string", default: "1,2" } },
  });
  const [before, after, ...rows] = positionals;
  const pairs = wholeNumber(values.pairs, "--pairs");
  const threads = values.threads.split(",").map((count) => wholeNumber(count, "--threads"));
  if (before === undefined || after === undefined)
    throw new Error("Two builds are to be named: compare-builds BEFORE AFTER [ROW …].");
  if (pairs % 2 !== 0)
    throw new Error(
      `--pairs got ${values.pairs}: expected an even number, so that both orders come equally often.`,
    );
  return {
    before,
    after,
    rows: rows.length > 0 ? rows : ["call", "train", "infer", "kernel"],
    pairs,
    threads,
  };
}

const rest = () => new Promise<void>((resolve) => setTimeout(resolve, restMilliseconds));

async function pairsOf(
  row: ComparedRow,
  builds: Readonly<Record<Side, Build>>,
  threads: number,
  count: number,
): Promise<readonly Pair[]> {
  const works = {
    before: await row.open(builds.before, threads),
    after: await row.open(builds.after, threads),
  };
  const pairs: Pair[] = [];
  for (let round = -warmTurns; round < count; round++) {
    const order = orderOf(Math.abs(round));
    const times = { before: 0, after: 0 };
    for (const side of order) {
      await rest();
      times[side] = await works[side].turn();
    }
    if (round >= 0) pairs.push({ first: order[0], ...times });
  }
  await works.before.close();
  await works.after.close();
  return pairs;
}

async function compare(): Promise<void> {
  const { before, after, rows: names, pairs, threads: counts } = readArguments();
  const builds = { before: await openBuild(before), after: await openBuild(after) };
  const { dataset } = await builds.after.library.loadDataset("fashion-mnist");
  const rows = comparedRows(names, dataset, builds);
  const environment = describeMachine();
  const name = `compare-${stamp()}-${environment.vectors}-node${environment.node}.json`;
  const command = `node dist/scripts/compare-builds.js BEFORE AFTER ${names.join(" ")} --pairs ${pairs} --threads ${counts.join(",")}`;
  const commits = { before: builds.before.commit, after: builds.after.commit };
  const comparisons: Comparison[] = [];
  for (const threads of counts) {
    for (const row of rows) {
      comparisons.push(comparisonOf(row.name, threads, await pairsOf(row, builds, threads, pairs)));
      console.error(`${row.name} on ${threads}: ${comparisons.at(-1)?.ratio.toFixed(3)}`);
      const content = { environment, command, builds: commits, comparisons: comparisons.map(written) };
      writeResult(name, content satisfies CompareFile);
    }
  }
  console.log(sides.map((side) => `${side}: ${commits[side] ?? "of no known commit"}`).join("\n"));
  console.log(`\n${comparisonTable(comparisons)}\n\nresults/${name}`);
  const slower = slowerThan(comparisons, tolerance);
  if (slower.length === 0) return;
  console.error(`Slower by more than ${100 * tolerance} %: ${slower.map((row) => row.name).join(", ")}.`);
  process.exitCode = 1;
}

try {
  await compare();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
