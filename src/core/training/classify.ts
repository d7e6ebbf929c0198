import { type Calibration, isUnsure } from "../metrics/calibrate.js";
import { checkProbabilities } from "../metrics/predictions.js";
import { atTemperature } from "../metrics/temperature.js";
import { type OptionTable, wholeNumber } from "../options/index.js";
import { type WeightsOptions, weightsOptions } from "./weights-option.js";

/** How images are named. */
export interface ClassifyOptions extends WeightsOptions {
  /** So many of the most probable classes are told (default 5, or all where there are fewer). */
  readonly topK?: number | undefined;
}

export const classifyOptions = {
  topK: {
    meaning: "how many of the most probable classes are told",
    kind: wholeNumber({ from: 1 }),
    default: 5,
  },
  ...weightsOptions,
} satisfies OptionTable<ClassifyOptions>;

/** A class that an image may be of. */
export interface ClassPrediction {
  readonly className: string;
  /** Its number, from 0. */
  readonly label: number;
  /** 0 … 1; at the model's temperature where it is calibrated. */
  readonly probability: number;
}

/** What a model takes an image for. */
export interface Classification {
  /** The most probable first; of equal ones the first class first. */
  readonly predictions: readonly [ClassPrediction, ...ClassPrediction[]];
  /** Whether the first one's probability is below the calibration's threshold; always where that is 1, never without one. */
  readonly unsure: boolean;
}

/**
 * @param probabilities [N, classes] as `predict` gives them
 * @throws HeddleError where one is none, as weights that have diverged give them
 */
export function classificationsOf(
  probabilities: Float32Array,
  classNames: readonly string[],
  calibration: Calibration | undefined,
  topK: number,
): Classification[] {
  const classes = classNames.length;
  if (!calibration) checkProbabilities(probabilities, classes);
  const meant = calibration ? atTemperature(probabilities, classes, calibration.temperature) : probabilities;
  return Array.from({ length: probabilities.length / classes }, (_, image): Classification => {
    const row = meant.subarray(image * classes, (image + 1) * classes);
    const [first, ...others] = Array.from(row, (probability, label) => ({
      className: classNames[label],
      label,
      probability,
    })).sort((a, b) => b.probability - a.probability);
    const predictions = [first, ...others.slice(0, topK - 1)] as const;
    return { predictions, unsure: isUnsure(first.probability, calibration?.unsureBelow) };
  });
}
