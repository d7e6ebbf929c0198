// Two builds of heddle in one process, a step of each in turn, for a change that must not cost speed: where a machine's
// speed drifts from second to second, two neighbouring steps still have it in common. On an idle machine, each build in
// a folder of its own:
//   npm run build && node dist/scripts/compare-steps.js BEFORE AFTER [--pairs 300] [--threads 1,2] [--models proposed,…]
// Steps are those of `fit` at batch 128 on Fashion-MNIST, through the public API; predictions are of 256 images. In every
// second pair the build after comes first. Writes results/steps-<UTC time>-<avx2|avx512|…>-node<version>.json with every
// pair; prints a table.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { quartiles } from "#heddle/bench/measure.js";
import type * as Heddle from "#heddle/node/index.js";
import { describeMachine } from "./bench/machine.js";
import { stamp, writeResult } from "./bench/write-result.js";
import { commitOf } from "./compare/commit.js";
import { markdownTable, milliseconds } from "./docs/results.js";

type Build = typeof Heddle;

/** Milliseconds of both builds, one right after the other. */
interface Pair {
  readonly beforeFirst: boolean;
  readonly before: number;
  readonly after: number;
}

interface Row {
  readonly name: string;
  readonly threads: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Of a pair's milliseconds, after ÷ before: median and quartiles; and the medians by who came first. */
  readonly ratio: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly beforeFirst: number;
  readonly afterFirst: number;
  readonly pairs: readonly Pair[];
}

/** Steps at the beginning that are not counted: code is still being compiled. */
const warmUp = 40;

async function open(folder: string): Promise<Build> {
  const file = ["node/index.js", "dist/node/index.js"]
    .map((path) => resolve(folder, path))
    .find((path) => existsSync(path));
  if (!file)
    throw new Error(`${folder} holds no build: expected a checkout after \`npm ci\`, or its dist folder.`);
  return (await import(pathToFileURL(file).href)) as Build;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Does both works in turn. */
async function inPairs(
  count: number,
  before: () => Promise<unknown>,
  after: () => Promise<unknown>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < warmUp + count; round++) {
    const beforeFirst = round % 2 === 0;
    const first = await timed(beforeFirst ? before : after);
    const second = await timed(beforeFirst ? after : before);
    const [ofBefore, ofAfter] = beforeFirst ? [first, second] : [second, first];
    if (round >= warmUp) pairs.push({ beforeFirst, before: ofBefore, after: ofAfter });
  }
  return pairs;
}

function rowOf(name: string, threads: number, pairs: readonly Pair[]): Row {
  const ratio = ({ before, after }: Pair): number => after / before;
  const medianOf = (of: (pair: Pair) => number, some = pairs): number => quartiles(some.map(of)).median;
  const { lower, median, upper } = quartiles(pairs.map(ratio));
  return {
    name,
    threads,
    beforeMs: medianOf(({ before }) => before),
    afterMs: medianOf(({ after }) => after),
    ratio: median,
    lowerQuartile: lower,
    upperQuartile: upper,
    beforeFirst: medianOf(
      ratio,
      pairs.filter(({ beforeFirst }) => beforeFirst),
    ),
    afterFirst: medianOf(
      ratio,
      pairs.filter(({ beforeFirst }) => !beforeFirst),
    ),
    pairs,
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: "string", default: "300" },
    threads: { type: "string", default: "1,2" },
    models: { type: "string", default: "proposed,cnn,lenet,lstm,bilstm" },
  },
});
const [beforeFolder, afterFolder] = positionals;
if (beforeFolder === undefined || afterFolder === undefined)
  throw new Error("Two builds are to be named: compare-steps BEFORE AFTER.");
const builds = { before: await open(beforeFolder), after: await open(afterFolder) };
const count = Number(values.pairs);
const { dataset } = await builds.after.loadDataset("fashion-mnist");
const images = dataset.test.images.subarray(0, 256 * 784);
const environment = describeMachine();
const file = `steps-${stamp()}-${environment.vectors}-node${environment.node}.json`;
const rows: Row[] = [];

/** A model of a build, and its next step. */
function trainee(build: Build, name: Heddle.ModelName, threads: number) {
  const layers = build.modelDefinitions[name].layers([28, 28, 1], 10);
  const model = build.sequential(layers, { inputShape: [28, 28, 1] }).compile({ threads });
  const events = model.fitEvents(dataset, { epochs: 10, batchSize: 128, validationShare: 0 });
  const step = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("The training ended before all pairs were measured.");
      if (value.event === "step") return;
    }
  };
  return { model, events, step };
}

for (const threads of values.threads.split(",").map(Number)) {
  for (const name of values.models.split(",") as Heddle.ModelName[]) {
    const [before, after] = [trainee(builds.before, name, threads), trainee(builds.after, name, threads)];
    rows.push(rowOf(`train/${name}/128`, threads, await inPairs(count, before.step, after.step)));
    for (const { events } of [before, after]) await events.return(undefined);
    const predict =
      ({ model }: typeof before) =>
      () =>
        model.predict(images);
    rows.push(rowOf(`predict/${name}/256`, threads, await inPairs(count, predict(before), predict(after))));
    for (const { model } of [before, after]) await model.dispose();
    console.error(
      `${name} on ${threads}: ${rows
        .slice(-2)
        .map(({ ratio }) => ratio.toFixed(3))
        .join(", ")}`,
    );
    writeResult(file, {
      environment,
      command: `node dist/scripts/compare-steps.js BEFORE AFTER --pairs ${count} --threads ${values.threads} --models ${values.models}`,
      builds: { before: commitOf(beforeFolder), after: commitOf(afterFolder) },
      rows,
    });
  }
}
console.log(
  markdownTable(
    [
      "row",
      "threads",
      "before, ms",
      "after, ms",
      "after ÷ before",
      "quartiles",
      "before first",
      "after first",
    ],
    rows.map((row) => [
      row.name,
      String(row.threads),
      milliseconds(row.beforeMs),
      milliseconds(row.afterMs),
      row.ratio.toFixed(3),
      `${row.lowerQuartile.toFixed(3)} – ${row.upperQuartile.toFixed(3)}`,
      row.beforeFirst.toFixed(3),
      row.afterFirst.toFixed(3),
    ]),
  ),
);
console.log(join("results", file));
