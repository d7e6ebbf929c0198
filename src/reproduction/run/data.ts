import { type Dataset, isInMemory } from "../../core/data/dataset.js";
import { fashionMnistClassNames } from "../../core/data/fashion-mnist.js";
import { splitDataset } from "../../core/data/split.js";
import { HeddleError } from "../../core/errors.js";
import { type LoadOptions, loadDataset } from "../../node/data/load.js";
import type { StudyImages } from "../../study/study.js";

/** What a plan needs to know of a data set. */
export interface ReproductionData extends StudyImages {
  /** Training images taken; null for all. */
  readonly limit: number | null;
}

/** Training images of a quick run. */
export const quickLimit = 1000;
const fashionMnistImages = 60_000;
const trainingShare = 0.8;

/** What a plan needs to know of Fashion-MNIST, without fetching it. */
export function fashionMnistData(quick: boolean): ReproductionData {
  const limit = quick ? quickLimit : null;
  return {
    imageShape: [28, 28, 1],
    classes: fashionMnistClassNames.length,
    limit,
    trainImages: trainingShare * (limit ?? fashionMnistImages),
  };
}

/**
 * Loads the data of a reproduction.
 *
 * @param data "fashion-mnist" or a folder
 * @param quick takes a thousand training images, or what there are of each class
 * @throws HeddleError as `loadDataset` does
 */
export async function loadReproductionData(
  data: string,
  quick: boolean,
  loading?: LoadOptions,
): Promise<ReproductionData & { readonly dataset: Dataset }> {
  const { dataset } = await loadDataset(data, loading);
  const { name, imageShape, train } = dataset;
  if (!isInMemory(dataset)) {
    throw new HeddleError(
      `${name} is read from its files as it is trained on: the paper's experiments take images that are all in memory, those of Fashion-MNIST or of a set like it.`,
    );
  }
  const classes = dataset.classNames.length;
  const limit = quick ? Math.min(quickLimit, Math.floor(train.count / classes) * classes) : null;
  const split = splitDataset(train.labels, classes, { limit: limit ?? undefined, seed: 1 });
  return { imageShape, classes, limit, trainImages: split.train.length, dataset };
}
