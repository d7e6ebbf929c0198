import { checkAugmentation } from "../data/augment-batch.js";
import type { Dataset, Split } from "../data/dataset.js";
import { splitDataset } from "../data/split.js";
import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeText } from "../layers/shape.js";
import type { FitOptions } from "./fit.js";
import { checkTrainingSizes } from "./loop.js";

/** The paper's. */
const defaultBatchSize = 128;

export interface FitPlan {
  readonly split: Split;
  readonly epochs: number;
  readonly batchSize: number;
}

/**
 * Which images train and validate, for how many epochs, in what batches.
 *
 * @throws UsageError on options that make no sense. @throws HeddleError when the data doesn't fit the model.
 */
export function planFit(
  { inputShape, classes }: { readonly inputShape: Shape; readonly classes: number },
  data: Dataset,
  options: FitOptions,
): FitPlan {
  checkDataFits(data, inputShape, classes);
  const { epochs = 1, validationShare, splitSeed = 1, limit } = options;
  const split = splitDataset(data.train.labels, classes, { limit, validationShare, seed: splitSeed });
  const { batchSize = Math.min(defaultBatchSize, split.train.length) } = options;
  checkTrainingSizes({ epochs, batchSize, split });
  if (options.augmentation) checkAugmentation(options.augmentation, inputShape);
  return { split, epochs, batchSize };
}

function checkDataFits(data: Dataset, inputShape: Shape, classes: number): void {
  if (shapeText(data.imageShape) !== shapeText(inputShape)) {
    throw new HeddleError(
      `The model takes images of ${shapeText(inputShape)}, but those of ${data.name} are ${shapeText(data.imageShape)}. Build the model with inputShape ${shapeText(data.imageShape)}.`,
    );
  }
  if (data.classNames.length !== classes) {
    throw new HeddleError(
      `The model tells ${classes} classes apart, but ${data.name} has ${data.classNames.length}. Give the last layer ${data.classNames.length} units.`,
    );
  }
}
