import { checksum } from "../checksum.js";
import type { Split } from "../data/dataset.js";
import { UsageError } from "../errors.js";
import type { LossName } from "../loss.js";
import {
  checkValue,
  choice,
  either,
  listOf,
  number,
  type OptionKind,
  Refusal,
  typedArray,
} from "../options/index.js";
import type { Answers } from "./answers.js";

/** A weight for each class, or what makes classes of unlike size count alike. */
export type ClassWeights = "balanced" | readonly number[];

/** A weight for each training image. */
export type SampleWeights = Float32Array | Float64Array | readonly number[];

const weight = number({ from: 0 });

export const classWeightsKind: OptionKind<ClassWeights> = either(
  choice(["balanced"]),
  listOf(weight, {
    from: 1,
    what: "a list of a weight a class, each a number of 0 or more and below 3.4e38",
  }),
);

export const sampleWeightsKind: OptionKind<SampleWeights> = either(
  typedArray("Float32Array", "Float64Array"),
  listOf(weight, { what: "a list of a weight a training image, each a number of 0 or more" }),
);

export interface WeightOptions {
  readonly classWeights?: ClassWeights;
  readonly sampleWeights?: SampleWeights;
}

/** Those of all images, and how many outputs a model has for them. */
interface WeightedAnswers extends Answers {
  readonly classes: number;
  readonly loss: LossName;
}

/**
 * What the loss of each image is multiplied by, its class's weight times its own; undefined where all count alike. The
 * weight of a class is of soft targets the mean of the classes' weights, each by its probability.
 *
 * @throws UsageError on weights that don't fit them, or leave nothing to learn
 */
export function imageWeights(
  { classWeights, sampleWeights }: WeightOptions,
  answers: WeightedAnswers,
  { train }: Split,
): Float32Array | undefined {
  const { labels, targets, classes, loss } = answers;
  if (!classWeights && !sampleWeights) return undefined;
  if (classWeights && loss === "binaryCrossEntropy") {
    throw new UsageError(
      "fit: classWeights weigh images by their one class, but the model's loss is binaryCrossEntropy, for any number of labels an image. Give sampleWeights, a weight an image.",
    );
  }
  if (classWeights && classWeights !== "balanced" && classWeights.length !== classes) {
    throw new UsageError(
      `fit: classWeights has a length of ${classWeights.length}; give a weight for each of the ${classes} classes of the model.`,
    );
  }
  if (sampleWeights) checkSampleWeights(sampleWeights, labels.length);
  const ofClass = classWeights === "balanced" ? balanced(answers, train) : classWeights;
  const ofImage = (image: number): number => {
    if (!ofClass) return 1;
    if (!targets) return ofClass[labels[image]];
    return ofClass.reduce((sum, weight, label) => sum + weight * targets[image * classes + label], 0);
  };
  const weights = Float32Array.from(labels, (_, index) => ofImage(index) * (sampleWeights?.[index] ?? 1));
  const which =
    classWeights && sampleWeights
      ? "classWeights times sampleWeights"
      : classWeights
        ? "classWeights"
        : "sampleWeights";
  const infinite = weights.indexOf(Number.POSITIVE_INFINITY);
  if (infinite >= 0) {
    throw new UsageError(
      `fit: ${which} gives image ${infinite} a weight that is infinite as a 32-bit float. Divide all of them by a number.`,
    );
  }
  if (train.some((index) => weights[index] > 0)) return weights;
  throw new UsageError(
    `fit: ${which} gives every image that trains a weight of 0, so there is nothing to learn. Give some of them more.`,
  );
}

function checkSampleWeights(weights: SampleWeights, images: number): void {
  if (weights.length !== images) {
    throw new UsageError(
      `fit: sampleWeights has a length of ${weights.length}; give a weight for each of the ${images} training images, those that validate included.`,
    );
  }
  const wrong = weights.findIndex((value: number) => weight.read(value) instanceof Refusal);
  if (wrong >= 0) checkValue("fit", `sampleWeights[${wrong}]`, weights[wrong], weight);
}

/** n / (classes · count of the class), n the images that train; 0 for a class of which there are none. */
function balanced({ labels, targets, classes }: WeightedAnswers, train: Uint32Array): readonly number[] {
  const counts = new Float64Array(classes);
  for (const image of train) {
    if (!targets) counts[labels[image]]++;
    else for (let label = 0; label < classes; label++) counts[label] += targets[image * classes + label];
  }
  return Array.from(counts, (count) => (count === 0 ? 0 : train.length / (classes * count)));
}

/** What tells whether other weights are the same, short enough for a checkpoint's settings. */
export function weightSettings({
  classWeights,
  sampleWeights,
}: WeightOptions): Readonly<Record<string, unknown>> {
  return {
    ...(classWeights && { classWeights }),
    ...(sampleWeights && {
      sampleWeights: checksum(new Uint8Array(Float64Array.from(sampleWeights).buffer)),
    }),
  };
}
