import { type Views, viewsKind } from "../data/views.js";
import {
  checkValue,
  kindOfValue,
  number,
  type OptionTable,
  optionsOf,
  Refusal,
  resolveOptions,
  wholeNumber,
} from "../options/index.js";
import { expectedCalibrationError, reliabilityBins } from "./calibration.js";
import { crossEntropy } from "./cross-entropy.js";
import { checkedPredictions, type Predictions, predictedClasses } from "./predictions.js";
import { atTemperature, fitTemperature, temperatureKind } from "./temperature.js";

/** What makes a model's probabilities mean something: found on images that it didn't learn from. */
export interface Calibration {
  /** T of softmax(logits / T): see `fitTemperature`. */
  readonly temperature: number;
  /**
   * An image whose greatest probability is below it is one to look at: `unsure`. 0 where all may be trusted, 1 where
   * none may, and less than 1 by a hair where those of 1 may; null where there were too few images to tell.
   */
  readonly unsureBelow: number | null;
  /** Share of those that are not unsure which shall be right. */
  readonly goal: number;
  /** How many it was found on; 0 where the temperature was given, and no image stayed apart to look at it with. */
  readonly images: number;
  /** The views that predictions are means of, where it is for such: see `predict`. Absent of images as they are. */
  readonly views?: Views;
}

/** What a calibration is to reach. */
export interface CalibrateOptions {
  /** Share of the images that aren't called unsure which shall be right, 0 < goal ≤ 1 (default 0.95). */
  readonly goal?: number | undefined;
  /** A temperature that is known already (default: it is found). */
  readonly temperature?: number | undefined;
}

const goalKind = number({ above: 0, to: 1 });

export const calibrateOptions = {
  goal: {
    meaning: "share of the images that aren't called unsure which shall be right",
    kind: goalKind,
    default: 0.95,
  },
  temperature: { meaning: "what logits are divided by", kind: temperatureKind, otherwise: "it is found" },
} satisfies OptionTable<CalibrateOptions>;

const thresholdKind = kindOfValue<number | null>(
  "a number from 0 to 1, or null",
  (value) => value === null || (typeof value === "number" && value >= 0 && value <= 1),
);

const calibrationKind = optionsOf({
  temperature: { meaning: "what logits are divided by", kind: temperatureKind },
  unsureBelow: { meaning: "the least probability that is trusted", kind: thresholdKind },
  goal: { meaning: "share of those that are trusted which shall be right", kind: goalKind },
  images: { meaning: "how many it was found on", kind: wholeNumber({ from: 0 }) },
  views: {
    meaning: "the views that predictions are means of",
    kind: viewsKind,
    otherwise: "images as they are",
  },
} satisfies OptionTable<Calibration>);

/** @param place says whose it is @throws UsageError on what is none */
export const checkCalibration = (place: string, given: unknown): Calibration =>
  checkValue(place, "calibration", given, calibrationKind);

/** Whether something that a file holds is one. */
export const isCalibration = (value: unknown): value is Calibration =>
  !(calibrationKind.read(value) instanceof Refusal);

/** Fewer images than these say too little of a threshold or a temperature: as many right ones in a row happen by chance. */
const fewest = 20;

/** Below a probability of 1, and above every other that float32 has. */
const highestThreshold = 1 - 2 ** -25;

/**
 * The lowest threshold of confidence from which on so many images are right: those of equal confidence go together. 0
 * where all images reach that, 1 where no twenty of the most confident do, less than 1 where only those of 1 reach it,
 * and null of fewer than twenty images.
 *
 * @param goal share of the images at or above the threshold that shall be right
 * @throws HeddleError as `predictionsOf` does. @throws UsageError unless 0 < goal ≤ 1
 */
export function confidenceThreshold(predictions: Predictions, goal: number): number | null {
  checkedPredictions(predictions);
  checkValue("confidenceThreshold", "goal", goal, goalKind);
  const { probabilities, labels, classes, count } = predictions;
  if (count < fewest) return null;
  const judged = Array.from(predictedClasses(predictions), (predicted, image) => ({
    confidence: probabilities[image * classes + predicted],
    right: predicted === labels[image],
  })).sort((a, b) => b.confidence - a.confidence);
  let threshold = 1;
  let right = 0;
  judged.forEach((image, index) => {
    if (image.right) right++;
    const kept = index + 1;
    const isLast = kept === count;
    if (!isLast && judged[kept].confidence === image.confidence) return;
    if (kept >= fewest && right / kept >= goal)
      threshold = isLast ? 0 : Math.min(highestThreshold, image.confidence);
  });
  return threshold;
}

/**
 * Finds a temperature, and the threshold of the probabilities that it makes, on images that the weights didn't learn
 * from, such as those that validate. Fewer than twenty say too little: their temperature is 1, and their threshold null.
 *
 * @throws HeddleError as `predictionsOf` does. @throws UsageError on an option that is not allowed
 */
export function calibrate(predictions: Predictions, options: CalibrateOptions = {}): Calibration {
  const resolved = resolveOptions("calibrate", options, calibrateOptions);
  const { goal, temperature = predictions.count < fewest ? 1 : fitTemperature(predictions) } = resolved;
  const unsureBelow = confidenceThreshold(calibrated(predictions, temperature), goal);
  return { temperature, unsureBelow, goal, images: predictions.count };
}

/** A temperature that was given where no image is left to find a threshold with. */
export function givenCalibration(temperature: number): Calibration {
  const { goal } = calibrateOptions;
  return { temperature, unsureBelow: null, goal: goal.default, images: 0 };
}

const calibrated = (predictions: Predictions, temperature: number): Predictions => ({
  ...predictions,
  probabilities: atTemperature(predictions.probabilities, predictions.classes, temperature),
});

/** How good probabilities are at a temperature, and how far its threshold can be relied on, on images never looked at. */
export interface CalibrationFigures extends Calibration {
  /** Mean cross-entropy in nats at the temperature. */
  readonly loss: number;
  /** At the temperature, over 15 equal bins. */
  readonly expectedCalibrationError: number;
  /** Share of the images that aren't unsure. */
  readonly sure: number;
  /** Share of those that are right; null where there are none. */
  readonly sureAccuracy: number | null;
}

/** Judges a calibration. @throws HeddleError as `predictionsOf` does. @throws UsageError on what is no calibration */
export function calibrationFigures(predictions: Predictions, calibration: Calibration): CalibrationFigures {
  const { temperature, unsureBelow } = checkCalibration("calibrationFigures", calibration);
  checkedPredictions(predictions);
  const scaled = calibrated(predictions, temperature);
  const predicted = predictedClasses(scaled);
  let [sure, right] = [0, 0];
  predicted.forEach((each, image) => {
    if (isUnsure(scaled.probabilities[image * scaled.classes + each], unsureBelow)) return;
    sure++;
    if (each === scaled.labels[image]) right++;
  });
  return {
    ...calibration,
    loss: crossEntropy(scaled),
    expectedCalibrationError: expectedCalibrationError(reliabilityBins(scaled)),
    sure: sure / scaled.count,
    sureAccuracy: sure > 0 ? right / sure : null,
  };
}

/** Whether an image of such a greatest probability is one to look at. */
export const isUnsure = (confidence: number, unsureBelow: number | null | undefined): boolean =>
  unsureBelow === 1 || confidence < (unsureBelow ?? 0);
