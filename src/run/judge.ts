import type { ImageSet } from "../core/data/dataset.js";
import { type Images, readImages } from "../core/data/image-reader.js";
import type { Views } from "../core/data/views.js";
import type { WeightsKind } from "../core/engine/network.js";
import { shapeSize } from "../core/layers/shape.js";
import { type Calibration, type CalibrationFigures, calibrationFigures } from "../core/metrics/calibrate.js";
import { type Evaluation, evaluate } from "../core/metrics/evaluation.js";
import { predictionsOf } from "../core/metrics/predictions.js";
import type { Platform } from "../core/platform.js";
import { imagesAtOnce } from "../core/training/images-at-once.js";
import type { Model } from "../core/training/model.js";
import { type WithoutLeaks, withoutLeaks } from "./leaks.js";

/** What a run's test images say of it: of the softmax as it is, and of what its calibration makes of that. */
export interface RunJudgement extends Evaluation {
  /** The views that each prediction is the mean over: absent where images are looked at as they are. */
  readonly views?: Views;
  /** Where it is known which of the test images training has too. */
  readonly withoutLeaks?: WithoutLeaks;
  readonly calibration?: CalibrationFigures;
}

export interface JudgeOptions {
  readonly platform: Platform;
  readonly signal?: { readonly aborted: boolean };
  readonly weights?: WeightsKind;
  /** That each prediction is the mean over (default: the image alone). */
  readonly views?: Views;
}

/** What a model says of test images, and how good that is. */
export interface Judged {
  readonly evaluation: RunJudgement;
  /** Softmax outputs, [N, classes]. */
  readonly probabilities: Float32Array;
}

/** Judges a model as `model.evaluate` does, but stops where it is told to: then there is no judgement. */
export async function judge(
  model: Model,
  { count, images, labels }: ImageSet,
  { calibration, leaks, ...options }: JudgeOptions & Omit<JudgedOf, "views">,
): Promise<Judged | undefined> {
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  const { views } = options;
  const probabilities = await predictParts(model, images, all, "test.images", options);
  if (!probabilities) return undefined;
  return {
    evaluation: judgementOf(probabilities, labels, model.classNames, { calibration, views, leaks }),
    probabilities,
  };
}

/** What is known of predictions, beside themselves. */
interface JudgedOf {
  readonly calibration?: Calibration;
  readonly views?: Views;
  /** Of the images, those that training has too. */
  readonly leaks?: readonly number[];
}

/** The judgement of what was predicted already. */
export function judgementOf(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classNames: readonly string[],
  { calibration, views, leaks }: JudgedOf,
): RunJudgement {
  const evaluation = {
    ...evaluate(probabilities, labels, classNames),
    ...(views && { views }),
    ...(leaks && { withoutLeaks: withoutLeaks(probabilities, labels, classNames.length, leaks) }),
  };
  if (!calibration) return evaluation;
  const predictions = predictionsOf(probabilities, labels, classNames.length);
  return { ...evaluation, calibration: calibrationFigures(predictions, calibration) };
}

/**
 * Softmax outputs of some of a set's images, [indices.length, classes]; undefined where it was told to stop.
 *
 * @param place what the images are called in errors
 */
export async function predictParts(
  model: Model,
  images: Images,
  indices: Uint32Array,
  place: string,
  { platform, signal, weights, views }: JudgeOptions,
): Promise<Float32Array | undefined> {
  const { inputShape: imageShape, classes } = model;
  const size = shapeSize(imageShape);
  const probabilities = new Float32Array(indices.length * classes);
  const reader = readImages(images, indices, { place, imageShape, batch: imagesAtOnce(size), platform });
  try {
    for (let done = 0; done < indices.length; ) {
      if (signal?.aborted) return undefined;
      const some = await reader.next();
      probabilities.set(await model.predict(some, { weights, views }), done * classes);
      done += some.length / size;
      await platform.yield();
    }
  } finally {
    await reader.close();
  }
  return signal?.aborted ? undefined : probabilities;
}
