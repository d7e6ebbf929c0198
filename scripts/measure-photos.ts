// How long and how good training on photos is, as `heddle train` does it with no other flag, on a body and without one:
//   npm run build && node dist/scripts/measure-photos.js PHOTOS BODY [SEEDS]
// PHOTOS is a folder with the parts train/ and validation/, BODY what `heddle import` wrote. Settings are chosen within
// train/ alone; validation/ is judged once for each seed. Writes results/photos.json after each part, and goes on with
// the seeds that are missing there.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Dataset } from "#heddle/core/data/dataset.js";
import { evaluate } from "#heddle/core/metrics/evaluation.js";
import {
  bestOf,
  bodyOf,
  decodeModel,
  diskStore,
  evaluateRun,
  extractFeatures,
  type Features,
  graphFromConfig,
  headProbabilities,
  imageFolder,
  nodePlatform,
  RunFolder,
  trainHead,
} from "#heddle/node/index.js";
import { wholeNumber } from "./arguments.js";
import { describeMachine, refuseOtherMachines } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { readResult } from "./docs/results.js";
import type { PhotosFile, PhotosRun } from "./photos/file.js";

const [photos, bodyFile, seedList = "1,2,3"] = process.argv.slice(2);
if (!bodyFile) throw new Error("node dist/scripts/measure-photos.js PHOTOS BODY [SEEDS]");
const seeds = seedList.split(",").map((seed) => wholeNumber(seed, "SEEDS", 0));
nodePlatform.widenVectors?.();
const platform = nodePlatform;
const threads = platform.cores;
const contents = decodeModel(readFileSync(bodyFile), bodyFile);
const body = bodyOf(graphFromConfig(contents.layers, contents.inputShape));
const [height, width] = contents.inputShape;

const name = "photos.json";
let file: PhotosFile = readResult<PhotosFile>(name) ?? {
  environment: describeMachine(),
  command: "node dist/scripts/measure-photos.js PHOTOS BODY",
  heads: [],
  fineTuned: [],
};
refuseOtherMachines(name, file.environment);
/** Of the minute before. */
const load = (): number => loadavg()[0];
/** The seeds that a part lacks. */
const missingOf = (done: readonly { readonly seed: number }[]): readonly number[] =>
  seeds.filter((seed) => !done.some((each) => each.seed === seed));
const keep = (part: Partial<PhotosFile>): void => {
  file = { ...file, ...part };
  console.log(`${Object.keys(part).join(", ")}: kept in ${writeResult(name, file)}.`);
};
const secondsSince = (start: number): number => Math.round((performance.now() - start) / 100) / 10;

/** A body's features of a part, and of its mirror images. */
const featuresOf = (set: Dataset["train"]): Promise<Features> =>
  extractFeatures({ ...contents, graph: body.graph }, set.images, set.count, {
    platform,
    threads,
    mirrored: true,
  });

const missingHeads = missingOf(file.heads);
if (missingHeads.length > 0) {
  const dataset = await imageFolder(photos, { size: [height, width] });
  const start = performance.now();
  const plain = await extractFeatures(
    { ...contents, graph: body.graph },
    dataset.train.images,
    dataset.train.count,
    {
      platform,
      threads,
    },
  );
  const featureSeconds = secondsSince(start);
  console.log(`Features of ${plain.plain.length / plain.size} photos: ${featureSeconds} s.`);
  const [train, held] = [await featuresOf(dataset.train), await featuresOf(dataset.test)];
  keep({ photos: dataset.train.count, held: dataset.test.count, size: height, featureSeconds });
  for (const seed of missingHeads) {
    const begun = performance.now();
    const { labels, groups } = dataset.train;
    const classes = dataset.classNames.length;
    const head = await trainHead({ features: train, labels, groups, classes, seed, platform, threads });
    const seconds = secondsSince(begun);
    const probabilities = headProbabilities(head, held);
    const { accuracy } = evaluate(probabilities, dataset.test.labels, dataset.classNames);
    keep({ heads: [...file.heads, { seed, accuracy, seconds, ...head.settings }] });
  }
}

/** A run of `heddle train` as it comes, with these flags. */
async function trained(seed: number, flags: readonly string[]): Promise<PhotosRun> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-photos-"));
  try {
    const run = join(folder, "run");
    const [start, loadBefore] = [performance.now(), load()];
    const given = ["--data", photos, ...flags, "--seed", String(seed), "--run", run];
    const { status } = spawnSync(process.execPath, ["dist/cli/main.js", "train", ...given], {
      stdio: "inherit",
    });
    if (status !== 0) throw new Error("heddle train failed.");
    const seconds = secondsSince(start);
    const kept = await RunFolder.open(diskStore(run));
    const [{ model, inputShape = [] }, history] = [await kept.readConfig(), await kept.readHistory()];
    const plain = await evaluateRun({ folder: run, threads });
    const mirrored = await evaluateRun({ folder: run, views: { flip: true }, threads });
    const best = bestOf(history);
    return {
      seed,
      model,
      size: inputShape[0],
      epochs: history.length,
      bestEpoch: best?.epoch ?? 0,
      validationAccuracy: best?.validationAccuracy ?? 0,
      accuracy: plain.evaluation.accuracy,
      mirroredAccuracy: mirrored.evaluation.accuracy,
      seconds,
      load: loadBefore,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [part, flags] of [
  ["fineTuned", ["--from", bodyFile]],
  ["fromScratch", []],
] as const)
  for (const seed of missingOf(file[part] ?? []))
    keep({ [part]: [...(file[part] ?? []), await trained(seed, flags)] });
