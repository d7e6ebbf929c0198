import type { Dataset, ImageSet } from "#heddle/core/data/dataset.js";
import { pickImages } from "#heddle/core/data/pick-images.js";
import { splitDataset } from "#heddle/core/data/split.js";
import { shapeSize } from "#heddle/core/layers/shape.js";
import type { RecipeSettings } from "#heddle/recipes/index.js";

/**
 * What recipes are chosen on: the images that a run holds back stand in the place of the test images, which are not
 * touched. Where a recipe trains on all images, they don't train either.
 */
export function selectionDataset(
  dataset: Dataset,
  { validationShare, splitSeed = 1 }: RecipeSettings,
): Dataset {
  const { train, imageShape, classNames } = dataset;
  const split = splitDataset(train.labels, classNames.length, { seed: splitSeed, groups: train.groups });
  const size = shapeSize(imageShape);
  const { images, groups } = train;
  const chosen = (indices: Uint32Array): ImageSet["images"] =>
    typeof images === "function"
      ? (order) => images(order.map((place) => indices[place]))
      : pickImages(images, size, indices);
  const part = (indices: Uint32Array) => ({
    count: indices.length,
    images: chosen(indices),
    labels: Uint32Array.from(indices, (index) => train.labels[index]),
    ...(groups && { groups: indices.map((index) => groups[index]) }),
  });
  const trains = validationShare === 0 ? part(split.train) : train;
  return { ...dataset, name: `${dataset.name}-selection`, train: trains, test: part(split.validation) };
}
