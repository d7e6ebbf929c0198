import { checkAugmentation } from "../data/augment-batch.js";
import type { Split } from "../data/dataset.js";
import { mixes } from "../data/mixing.js";
import { splitDataset, usualValidationShare } from "../data/split.js";
import type { StepNeeds } from "../engine/network.js";
import { HeddleError, UsageError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { type LossName, usualLoss } from "../loss.js";
import type { Schedule } from "../schedules/index.js";
import { plural } from "../words.js";
import { type CheckedData, checkData, type TrainingData } from "./check-data.js";
import { distillationSettings, distilledNeeds, type Teaching, teachingOf } from "./distillation.js";
import { type FitEventsOptions, type ResolvedFitOptions, resolveFitOptions } from "./fit.js";
import { imageWeights, weightSettings } from "./image-weights.js";
import { refuseUnwatched, ValidationError } from "./validation-error.js";

/** Images a step at most where nobody says how many: the paper's. */
const usualBatchSize = 128;

/** Images a step where nobody says how many. @param most of them, where that is said */
export const batchSizeOf = (trained: number, most: number = usualBatchSize): number =>
  Math.min(most, trained);

/** A fit before its first step: all that its arguments say, checked. */
export interface FitPlan {
  readonly data: CheckedData;
  readonly split: Split;
  /** Of the training images, less those that validate; null where images of their own validate. */
  readonly validationShare: number | null;
  /** Of this fit alone. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Of all training images, where some count more than others. */
  readonly weights?: Float32Array;
  /** What a teacher says of them. */
  readonly teaching?: Teaching;
  /** What tells whether other weights and another teacher are the same: whoever gave them may change them later. */
  readonly answerMarks: Readonly<Record<string, unknown>>;
  readonly needs: StepNeeds;
  readonly options: ResolvedFitOptions;
}

/**
 * Which images train and validate, for how many epochs, in what batches.
 *
 * @param besides names of options that somebody else reads
 * @throws UsageError on options that make no sense. @throws HeddleError when the data doesn't fit the model.
 */
export function planFit(
  model: { readonly inputShape: Shape; readonly classes: number; readonly loss?: LossName },
  given: TrainingData,
  givenOptions: FitEventsOptions,
  besides: readonly string[] = [],
): FitPlan {
  const options = resolveFitOptions(givenOptions, besides);
  const { inputShape, classes, loss = usualLoss } = model;
  const data = checkData(given, { inputShape, classes, loss });
  const { epochs, augmentation, normalization } = options;
  const validationShare = validationShareOf(data, options);
  const split = splitOf(data, { ...options, validationShare }, loss === "binaryCrossEntropy" ? 1 : classes);
  const weights = imageWeights(options, { ...data.train, classes, loss }, split);
  const teaching = options.distillation && teachingOf(options.distillation, data.train, { classes, loss });
  const trained = split.train.length;
  const { batchSize = batchSizeOf(trained) } = options;
  if (batchSize > trained) {
    throw new HeddleError(
      `The batch size is ${batchSize}, but only ${trained} images train; take a batch size of at most ${trained}, or more images.`,
    );
  }
  if (augmentation) checkAugmentation(augmentation, model.inputShape);
  if (typeof normalization === "object") {
    const [means, deviations] = [normalization.mean.length, normalization.deviation.length];
    const channels = model.inputShape[2];
    if (means !== channels || deviations !== channels) {
      throw new UsageError(
        `fit: normalization has ${plural(means, "mean")} and ${plural(deviations, "deviation")}; give one of each a channel, ${channels}.`,
      );
    }
  }
  const mixing = augmentation !== undefined && mixes(augmentation);
  const needs: StepNeeds = {
    weighted: weights !== undefined,
    targets: mixing || (teaching ?? data.train.targets) !== undefined,
    mixes: mixing,
    ...(teaching && distilledNeeds(teaching)),
  };
  return {
    data,
    split,
    validationShare,
    epochs,
    batchSize,
    ...(weights && { weights }),
    ...(teaching && { teaching }),
    answerMarks: {
      ...weightSettings(options),
      ...(options.distillation && { distillation: distillationSettings(options.distillation) }),
    },
    needs,
    options,
  };
}

function validationShareOf(
  { validation }: CheckedData,
  { validationShare }: ResolvedFitOptions,
): number | null {
  if (!validation) return validationShare ?? usualValidationShare;
  if (validationShare === undefined) return null;
  throw new ValidationError(
    `fit got a validationShare of ${validationShare}, but the data has a validation part of its own, which validates. Leave one of them out.`,
  );
}

/** @param strata classes that are split apart: images of several labels are of no class, and split as one */
function splitOf(
  { train, validation }: CheckedData,
  {
    limit,
    splitSeed,
    validationShare,
  }: Pick<ResolvedFitOptions, "limit" | "splitSeed"> & Pick<FitPlan, "validationShare">,
  strata: number,
): Split {
  const options = { limit, seed: splitSeed };
  if (validationShare !== null) {
    return splitDataset(train.labels, strata, { ...options, validationShare, groups: train.groups });
  }
  const all = splitDataset(train.labels, strata, { ...options, validationShare: 0 });
  return {
    train: all.train,
    validation: Uint32Array.from({ length: validation!.count }, (_, index) => index),
  };
}

/**
 * Whether what a training does next depends on what its epochs came to on the images that validate.
 *
 * @throws UsageError where it does and none validate
 */
export function followsValidation({ options, split }: FitPlan, schedule: Schedule): boolean {
  const follows = options.earlyStopping !== undefined || schedule.followsValidation === true;
  if (follows && split.validation.length === 0) refuseUnwatched("fit", { ...options, schedule });
  return follows;
}
