import type { Dataset } from "../core/data/dataset.js";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { fashionMnistLeaks } from "../core/data/fashion-mnist-leaks.js";
import { predictedClasses, predictionsOf } from "../core/metrics/predictions.js";
import type { RunConfig } from "./run-config.js";

/** Of the test images that no training image is a copy of. */
export interface WithoutLeaks {
  readonly images: number;
  /** Share named rightly, 0 … 1. */
  readonly accuracy: number;
}

const fashionMnistTest = 10_000;

/** Test images of a run's data whose picture is a training image as well; undefined where nobody has looked. */
export const leaksOf = (
  { data, ownData }: Pick<RunConfig, "data" | "ownData">,
  { test }: Dataset,
): readonly number[] | undefined =>
  data === fashionMnist && !ownData && test.count === fashionMnistTest ? fashionMnistLeaks : undefined;

/** @param probabilities [N, classes] */
export function withoutLeaks(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  leaks: readonly number[],
): WithoutLeaks {
  const leaked = new Set(leaks);
  const predicted = predictedClasses(predictionsOf(probabilities, labels, classes));
  const others = Array.from(labels, (_, image) => image).filter((image) => !leaked.has(image));
  const right = others.filter((image) => predicted[image] === labels[image]).length;
  return { images: others.length, accuracy: right / others.length };
}
