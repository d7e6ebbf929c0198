import type { Dataset } from "../data/dataset.js";
import { countLabels } from "../data/labels.js";
import { findNearDuplicates } from "../data/near-duplicates.js";
import { UsageError } from "../errors.js";
import { predictedClasses, predictionsOf } from "../metrics/predictions.js";
import type { ModelName } from "../models/index.js";
import { received, resolveOptions } from "../options/index.js";
import { throwIfStopped } from "../stop.js";
import { checkedDataset, isDataset } from "../training/check-dataset.js";
import type { HeadSettings } from "../transfer/index.js";
import { Turns } from "../turns.js";
import { type AuditOptions, auditOptions } from "./audit-options.js";
import { crossValidate, type PredictFold } from "./cross-validate.js";
import { type DuplicateGroup, duplicateGroups } from "./duplicate-groups.js";
import { headFolds } from "./head-folds.js";
import { findLabelErrors, type LabelErrors } from "./label-errors.js";
import { findOddOnes, type OddOne } from "./odd-ones.js";
import { type Pooled, pooled } from "./pooled.js";
import { networkFolds, quickEpochs, quickModel } from "./predict-folds.js";

/** What was found in a data set. Images are numbered through all parts: `placeOf` says where one is. */
export interface Audit {
  readonly name: string;
  readonly pool: Pooled;
  /** [N]: images of one number are one picture. */
  readonly groups: Uint32Array;
  /** Of two images and more. */
  readonly duplicates: readonly DuplicateGroup[];
  readonly labelErrors: LabelErrors;
  readonly oddOnes: readonly OddOne[];
  /** [N, classes], each image's by a model that learned from neither it nor a duplicate of it. */
  readonly probabilities: Float32Array;
  /** Share of the images whose label those find likeliest. */
  readonly accuracy: number;
  /** How it was looked over. */
  readonly settings: AuditSettings;
}

/**
 * Whether models learned too little for their doubts to mean much: the share that they name as labelled is less than
 * halfway between that of the largest class, which guessing reaches, and all.
 */
export function knowLittle({ accuracy, pool }: Pick<Audit, "accuracy" | "pool">): boolean {
  const guessed = Math.max(...countLabels(pool.labels, pool.classNames.length)) / pool.count;
  return accuracy - guessed < (1 - guessed) / 2;
}

/** What an audit was made with. */
export interface AuditSettings {
  /** How many parts were held out in turn. */
  readonly folds: number;
  /** None where something else learned. */
  readonly model?: ModelName | undefined;
  /** Of each fold; none where something else learned. */
  readonly epochs?: number | undefined;
  /** Images a step, of such a model. */
  readonly batchSize?: number | undefined;
  /** The greatest of its schedule. */
  readonly learningRate?: number | undefined;
  /** Of heads on a body's features. */
  readonly head?: HeadSettings | undefined;
  /** Decides folds, first weights and order. */
  readonly seed: number;
  /** Whether mirror images count as duplicates. */
  readonly mirrored: boolean;
}

/**
 * Looks a data set over: which labels are likely wrong (`findLabelErrors`, on probabilities by `crossValidate`), which images are
 * one picture, within a part or in several (`findNearDuplicates`), and which hardly belong (`findOddOnes`). Nothing is changed. All parts are looked over together,
 * so that the labels of test images are judged too; duplicates are held out together.
 *
 * @throws UsageError or HeddleError on options that make no sense, on images and labels that don't fit each other, and on images
 * that are not in memory or too few for the folds; and the signal's reason.
 */
export async function auditDataset(dataset: Dataset, options: AuditOptions): Promise<Audit> {
  const resolved = resolveOptions("auditDataset", options, auditOptions);
  const { folds, seed, batchSize, learningRate, mirrored, threads, platform, signal, onEvent } = resolved;
  if (!isDataset(dataset)) {
    throw new UsageError(
      `auditDataset takes a data set, { name, imageShape, classNames, train, test }, as loadDataset gives one, but got ${received(dataset)}.`,
    );
  }
  const pool = pooled(checkedDataset("auditDataset: dataset", dataset));
  const { images, labels, shape, count } = pool;
  const classes = pool.classNames.length;
  if (count < folds) {
    throw new UsageError(
      `auditDataset: ${count} images can't be shared out over ${folds} folds. Take fewer.`,
    );
  }
  refuseTwoLearners(options);
  checkFeatureCount(resolved.features, count);
  const turns = new Turns(platform);
  const pass = async (): Promise<void> => {
    await turns.pass();
    throwIfStopped(signal);
  };
  const onProgress = async (done: number): Promise<void> => {
    await pass();
    onEvent?.({ event: "duplicates", done, count });
  };
  const near = await findNearDuplicates(images, { count, shape }, { mirrored, onProgress });
  const oddOnes = await findOddOnes(pool, seed, pass);
  const { groups } = near;
  const usual = { folds, seed, mirrored };
  let settings: AuditSettings = usual;
  const learner = (): PredictFold => {
    if (resolved.predictFold) return resolved.predictFold;
    const place = { seed, platform, threads, signal, onEvent };
    const { features } = resolved;
    if (features) {
      const onSettings = (head: HeadSettings): void => {
        settings = { ...usual, head };
      };
      return headFolds(pool, { ...place, features, groups, onSettings });
    }
    const model = resolved.model ?? quickModel(shape);
    const epochs = resolved.epochs ?? quickEpochs(Math.round((count * (folds - 1)) / folds));
    settings = { ...usual, model, epochs, batchSize, learningRate };
    return networkFolds(pool, { ...place, model, epochs, batchSize, learningRate });
  };
  const learn = learner();
  const predictFold: PredictFold = async (round) => {
    throwIfStopped(signal);
    return learn(round);
  };
  const probabilities = await crossValidate(labels, classes, { folds, seed, groups, predictFold });
  throwIfStopped(signal);
  const likeliest = predictedClasses(predictionsOf(probabilities, labels, classes));
  return {
    name: dataset.name,
    pool,
    groups,
    duplicates: duplicateGroups(near, pool),
    labelErrors: findLabelErrors(probabilities, labels, classes),
    oddOnes,
    probabilities,
    accuracy: likeliest.filter((label, image) => label === labels[image]).length / count,
    settings,
  };
}

/** Of a network, features and something else one learns. */
function refuseTwoLearners(options: AuditOptions): void {
  const learners = [["predictFold"], ["features"], ["model", "epochs", "batchSize", "learningRate"]] as const;
  const given = learners.map((names) => names.find((name) => options[name] !== undefined));
  const [first, second] = given.filter((name) => name !== undefined);
  if (second === undefined) return;
  throw new UsageError(
    `auditDataset got both ${first} and ${second}. Give ${first} alone, or have a model learn in each fold without it.`,
  );
}

function checkFeatureCount(features: AuditOptions["features"], count: number): void {
  if (!features) return;
  const found = features.plain.length / features.size;
  if (found === count && (features.mirrored?.length ?? features.plain.length) === features.plain.length)
    return;
  throw new UsageError(
    `auditDataset got features of ${found} images, but there are ${count}. Give those of all parts: datasetFeatures does.`,
  );
}
