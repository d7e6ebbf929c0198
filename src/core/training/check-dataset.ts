import type { Dataset, ImageSet } from "../data/dataset.js";
import { checkPreparation } from "../data/picture-preparation.js";
import { UsageError } from "../errors.js";
import { checkValue, listOf, shape, text } from "../options/index.js";
import { checkImages } from "./check-data.js";

const shapeKind = shape(["height", "width", "channels"]);
const namesKind = listOf(text(/^/u), {
  from: 2,
  what: "a list of names, one for each of two or more classes",
});

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether something looks like a data set; what is in it, `checkedDataset` finds out. */
export function isDataset(value: unknown): value is Dataset {
  if (!isObject(value)) return false;
  const { name, train, test } = value as Partial<Dataset>;
  return typeof name === "string" && name !== "" && isObject(train) && isObject(test);
}

function checkedSet(place: string, given: ImageSet, fits: Parameters<typeof checkImages>[2]): ImageSet {
  const { targets, ...set } = checkImages(place, given, fits);
  if (targets) {
    throw new UsageError(
      `${place} has targets, but what is told of it goes by the one class of each image. Give labels; targets are taken by a model's own fit and evaluate.`,
    );
  }
  return set;
}

/**
 * A data set that anyone may have put together, checked.
 *
 * @throws UsageError or HeddleError on images and labels that don't fit each other
 */
export function checkedDataset(place: string, given: Dataset): Dataset {
  const imageShape = checkValue(place, "imageShape", given.imageShape, shapeKind);
  const classNames = checkValue(place, "classNames", given.classNames, namesKind);
  const fits = { inputShape: imageShape, classes: classNames.length };
  const { name, preparation, validation } = given;
  return {
    name,
    imageShape,
    classNames,
    ...(preparation && { preparation: checkPreparation(place, preparation) }),
    train: checkedSet(`${place}.train`, given.train, fits),
    ...(validation && { validation: checkedSet(`${place}.validation`, validation, fits) }),
    test: checkedSet(`${place}.test`, given.test, fits),
  };
}
