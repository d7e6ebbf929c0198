// What `heddle audit` finds in Fashion-MNIST with its default settings, and how much of what was put there before:
//   npm run build && node dist/scripts/audit-fashion-mnist.js
// Some minutes; writes results/audit-fashion-mnist.json after each part, and goes on with what is missing there.

import { type Audit, auditDataset } from "#heddle/core/audit/audit.js";
import { isLeak } from "#heddle/core/audit/duplicate-groups.js";
import { placeOf } from "#heddle/core/audit/pooled.js";
import type { Dataset } from "#heddle/core/data/dataset.js";
import { findNearDuplicates } from "#heddle/core/data/near-duplicates.js";
import { predictedClasses, predictionsOf } from "#heddle/core/metrics/predictions.js";
import { createRandom, permutation } from "#heddle/core/random.js";
import { loadDataset } from "#heddle/node/data/load.js";
import { diskStore } from "#heddle/node/disk-store.js";
import { nodePlatform } from "#heddle/node/platform.js";
import { RunFolder } from "#heddle/run/run-folder.js";
import { plantCopies } from "./audit/copies.js";
import type { AuditFile } from "./audit/file.js";
import { describeMachine, refuseOtherMachines } from "./bench/machine.js";
import { writeResult } from "./bench/write-result.js";
import { readResult } from "./docs/results.js";

const name = "audit-fashion-mnist.json";
const flipSeed = 1;
const flipShare = 0.05;
const side = 28;
const trials = [1, 2, 3].map((seed) => `muon-cosine-proposed-128-seed${seed}`);

const { dataset } = await loadDataset("fashion-mnist");
let file: AuditFile = readResult<AuditFile>(name) ?? {
  environment: describeMachine(),
  command: "node dist/scripts/audit-fashion-mnist.js",
};
refuseOtherMachines(name, file.environment);

const keep = (part: Partial<AuditFile>): void => {
  file = { ...file, ...part };
  console.log(`${Object.keys(part).join(", ")}: kept in ${writeResult(name, file)}.`);
};

const audit = (data: Dataset): Promise<Audit> => auditDataset(data, { platform: nodePlatform });

if (!file.planted) keep({ planted: await planted() });
if (!file.own) keep({ own: ownFindings(await audit(dataset)) });
if (!file.flipped) keep({ flipped: await flipped() });
if (!file.withoutLeaks) keep({ withoutLeaks: await withoutLeaks(file.own!.leaks.testImages) });

/** Changed copies of test images, put behind them: which are found, and which others are taken for them. */
async function planted(): Promise<AuditFile["planted"]> {
  const { images, count } = dataset.test;
  const shape = dataset.imageShape;
  const before = await findNearDuplicates(images, { count, shape });
  const { copies, ...all } = plantCopies(images, side, 100);
  const after = await findNearDuplicates(all.images, { count: all.count, shape });
  const rows = [...new Set(copies.map(({ change }) => change))].map((change) => {
    const own = copies.filter((each) => each.change === change);
    const found = own.filter(({ original, copy }) => after.groups[original] === after.groups[copy]);
    return { change, planted: own.length, found: found.length };
  });
  const originals = new Map(copies.map(({ original, copy }) => [copy, original]));
  const groupOf = (image: number): number => before.groups[originals.get(image) ?? image];
  const strangers = after.pairs.filter(
    ({ first, second }) => second >= count && groupOf(first) !== groupOf(second),
  );
  return { images: count, rows, pairsBefore: before.pairs.length, strangers: strangers.length };
}

function ownFindings({
  pool,
  duplicates,
  labelErrors,
  oddOnes,
  accuracy,
  settings,
}: Audit): AuditFile["own"] {
  const suspects = labelErrors.errors.map((error) => ({ ...error, ...placeOf(pool, error.image) }));
  const leaks = duplicates.filter(isLeak);
  const testImages = leaks.flatMap(({ images }) =>
    images
      .map((image) => placeOf(pool, image))
      .flatMap(({ part, index }) => (part === "test" ? [index] : [])),
  );
  const kinds = [...new Set(oddOnes.map(({ kind }) => kind))];
  const { model = "", epochs = 0, folds } = settings;
  return {
    model,
    epochs,
    folds,
    accuracy,
    suspected: {
      train: suspects.filter(({ part }) => part === "train").length,
      test: suspects.filter(({ part }) => part === "test").length,
    },
    groups: duplicates.length,
    exactGroups: duplicates.filter(({ exact }) => exact).length,
    conflictingGroups: duplicates.filter(({ conflicting }) => conflicting).length,
    largestGroup: Math.max(0, ...duplicates.map(({ images }) => images.length)),
    leaks: {
      groups: leaks.length,
      testImages: testImages.sort((a, b) => a - b),
      conflicting: leaks.filter(({ conflicting }) => conflicting).length,
    },
    oddOnes: Object.fromEntries(
      kinds.map((kind) => [kind, oddOnes.filter((odd) => odd.kind === kind).length]),
    ),
    first: suspects.slice(0, 20).map(({ part, index, label, suggestion, labelProbability }) => ({
      part,
      index,
      label: pool.classNames[label],
      suggestion: pool.classNames[suggestion],
      labelProbability,
    })),
  };
}

/** Labels of training images, drawn and replaced at random: each other class as likely. */
async function flipped(): Promise<AuditFile["flipped"]> {
  const { train, classNames } = dataset;
  const random = createRandom(flipSeed);
  const flips = Math.round(flipShare * train.count);
  const chosen = new Set(permutation(train.count, random).subarray(0, flips));
  const labels = Uint8Array.from(train.labels);
  for (const image of chosen)
    labels[image] = (labels[image] + 1 + random.below(classNames.length - 1)) % classNames.length;
  const { labelErrors, pool, accuracy } = await audit({ ...dataset, train: { ...train, labels } });
  const inTrain = labelErrors.errors.filter(({ image }) => placeOf(pool, image).part === "train");
  const hits = inTrain.slice(0, flips).filter(({ image }) => chosen.has(image));
  return {
    seed: flipSeed,
    flips,
    suggestions: labelErrors.errors.length,
    trainSuggestions: inTrain.length,
    found: hits.length,
    named: hits.filter(({ image, suggestion }) => suggestion === train.labels[image]).length,
    accuracy,
  };
}

/** Accuracies of the reproduction's Proposed CNN, from the predictions that it kept of each test image. */
async function withoutLeaks(leaked: readonly number[]): Promise<AuditFile["withoutLeaks"]> {
  const rows: NonNullable<AuditFile["withoutLeaks"]>[number][] = [];
  for (const trial of trials) {
    const kept = await new RunFolder(diskStore(`results/reproduction/trials/${trial}`)).readPredictions();
    if (!kept) throw new Error(`The predictions of ${trial} are missing.`);
    const { probabilities, labels } = kept;
    const predicted = predictedClasses(predictionsOf(probabilities, labels, dataset.classNames.length));
    const share = (images: readonly number[]): number =>
      images.filter((image) => predicted[image] === labels[image]).length / images.length;
    const all = Array.from(labels.keys());
    const left = new Set(leaked);
    const without = share(all.filter((image) => !left.has(image)));
    rows.push({ trial, all: share(all), without, leaked: share(leaked) });
  }
  return rows;
}
