import type { Dataset } from "../data/dataset.js";
import { findNearDuplicates } from "../data/near-duplicates.js";
import { UsageError } from "../errors.js";
import { predictedClasses, predictionsOf } from "../metrics/predictions.js";
import { type ModelName, modelNames } from "../models/index.js";
import {
  choice,
  flag,
  kindOfValue,
  number,
  type OptionTable,
  resolveOptions,
  wholeNumber,
} from "../options/index.js";
import type { Platform } from "../platform.js";
import { maximumThreads } from "../training/compile.js";
import { Turns } from "../turns.js";
import { crossValidate, type PredictFold } from "./cross-validate.js";
import { type DuplicateGroup, duplicateGroups } from "./duplicate-groups.js";
import { findLabelErrors, type LabelErrors } from "./label-errors.js";
import { findOddOnes, type OddOne } from "./odd-ones.js";
import { type Pooled, pooled } from "./pooled.js";
import { type FoldEvent, networkFolds, quickEpochs, quickModel } from "./predict-folds.js";
import { type StopSignal, throwIfStopped } from "./stop.js";

/** What an audit tells while it goes on. */
export type AuditEvent =
  | { readonly event: "duplicates"; readonly done: number; readonly count: number }
  | FoldEvent;

/** How a data set is looked over; each may be left out but the platform. */
export interface AuditOptions {
  /** Parts that the images are shared out over, each predicted by what learned from the others (default 5). */
  readonly folds?: number;
  /** What learns: one of the library's models (default: a quick one for images of this size). */
  readonly model?: ModelName;
  /** Passes over the images in each fold (default: as many as show it some 200,000 images, 4 … 30). */
  readonly epochs?: number;
  /** Images a step (default 128). */
  readonly batchSize?: number;
  /** Highest learning rate of Adam, over a rise and a fall (default 0.002). */
  readonly learningRate?: number;
  /** Decides folds, first weights and the order of images: the same seed finds the same (default 1). */
  readonly seed?: number;
  /** Anything else that learns, in the place of a model: of the pooled images, probabilities of those held out. */
  readonly predictFold?: PredictFold;
  /** Whether images that are another's mirror image are its duplicates (default true). */
  readonly mirrored?: boolean;
  readonly threads?: number;
  readonly platform: Platform;
  /** Stops the audit, which then throws its reason. */
  readonly signal?: StopSignal;
  readonly onEvent?: (event: AuditEvent) => void;
}

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

export interface AuditSettings {
  readonly folds: number;
  /** None where something else learned. */
  readonly model?: ModelName;
  readonly epochs?: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly mirrored: boolean;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

export const auditOptions = {
  folds: {
    meaning: "parts of the images, each predicted by a model of the others",
    kind: wholeNumber({ from: 2, to: 100 }),
    default: 5,
  },
  model: {
    meaning: "what learns in each fold",
    kind: choice(modelNames),
    otherwise: "a quick one for images of this size",
  },
  epochs: {
    meaning: "passes over the images in each fold",
    kind: wholeNumber({ from: 1 }),
    otherwise: "as many as show it some 200,000 images, 4 to 30",
  },
  batchSize: { meaning: "images a step", kind: wholeNumber({ from: 1 }), default: 128 },
  learningRate: { meaning: "highest rate of Adam", kind: number({ above: 0 }), default: 0.002 },
  seed: { meaning: "decides folds, first weights and order", kind: wholeNumber(), default: 1 },
  predictFold: {
    meaning: "anything else that learns",
    kind: kindOfValue<PredictFold>("a function", isFunction),
    otherwise: "a model",
  },
  mirrored: { meaning: "whether mirror images are duplicates", kind: flag(), default: true },
  threads: {
    meaning: "threads that compute",
    kind: wholeNumber({ from: 1, to: maximumThreads }),
    otherwise: "one a processor",
  },
  platform: {
    meaning: "where it runs",
    kind: kindOfValue<Platform>("a platform such as nodePlatform", isObject),
  },
  signal: {
    meaning: "stops the audit",
    kind: kindOfValue<StopSignal>("an AbortSignal", isObject),
    otherwise: "nothing does",
  },
  onEvent: {
    meaning: "told what goes on",
    kind: kindOfValue<NonNullable<AuditOptions["onEvent"]>>("a function", isFunction),
    otherwise: "nobody is",
  },
} satisfies OptionTable<AuditOptions>;

/**
 * Looks a data set over: which labels are likely wrong (`findLabelErrors`, on probabilities by `crossValidate`), which images are
 * one picture, within a part or in several (`findNearDuplicates`), and which hardly belong (`findOddOnes`). Nothing is changed. All parts are looked over together,
 * so that the labels of test images are judged too; duplicates are held out together.
 *
 * @throws UsageError on options that make no sense.
 * @throws HeddleError on images that are not in memory or too few for the folds; and the signal's reason.
 */
export async function auditDataset(dataset: Dataset, options: AuditOptions): Promise<Audit> {
  const resolved = resolveOptions("auditDataset", options, auditOptions);
  const { folds, seed, batchSize, learningRate, mirrored, threads, platform, signal, onEvent } = resolved;
  const pool = pooled(dataset);
  const { images, labels, shape, count } = pool;
  const classes = pool.classNames.length;
  if (count < folds) {
    throw new UsageError(
      `auditDataset: ${count} images can't be shared out over ${folds} folds. Take fewer.`,
    );
  }
  const turns = new Turns(platform);
  const onProgress = async (done: number): Promise<void> => {
    await turns.pass();
    throwIfStopped(signal);
    onEvent?.({ event: "duplicates", done, count });
  };
  const near = await findNearDuplicates(images, { count, shape }, { mirrored, onProgress });
  const oddOnes = findOddOnes(pool, seed);
  const model = resolved.model ?? quickModel(shape);
  const epochs = resolved.epochs ?? quickEpochs(Math.round((count * (folds - 1)) / folds));
  const settings = { folds, batchSize, learningRate, seed, mirrored };
  const network = { ...settings, model, epochs, platform, threads, signal, onEvent };
  const predictFold = resolved.predictFold ?? networkFolds(pool, network);
  const { groups } = near;
  const probabilities = await crossValidate(labels, classes, { folds, seed, groups, predictFold });
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
    settings: resolved.predictFold ? settings : { ...settings, model, epochs },
  };
}
