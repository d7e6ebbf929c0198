import type { Dataset } from "../core/data/dataset.js";
import { decodeModel, encodeModel } from "../core/formats/model-file.js";
import { type Calibration, calibrate, givenCalibration } from "../core/metrics/calibrate.js";
import { predictionsOf } from "../core/metrics/predictions.js";
import type { FitEventsOptions } from "../core/training/fit.js";
import type { Model } from "../core/training/model.js";
import { planFit } from "../core/training/plan-fit.js";
import { type JudgeOptions, predictParts } from "./judge.js";
import type { RunFolder } from "./run-folder.js";

/**
 * Calibrates a run's best weights on the images that validated it, and keeps what was found with them.
 *
 * @param model with those weights
 * @returns "stopped" where it was told to; undefined where no image validated, and no temperature is given
 */
export async function calibrateRun(
  model: Model,
  { folder, ...trained }: TrainedOn & { readonly folder: RunFolder },
  options: JudgeOptions,
): Promise<Calibration | "stopped" | undefined> {
  const calibration = await findCalibration(model, trained, options);
  if (!calibration || calibration === "stopped") return calibration;
  const { bytes, file } = await folder.readWeights("best");
  await folder.writeWeights("best", encodeModel({ ...decodeModel(bytes, file), calibration }));
  return calibration;
}

/** What a run's weights were trained on, and how. */
export interface TrainedOn {
  readonly dataset: Dataset;
  readonly fit: FitEventsOptions;
  /** Where it is known already. */
  readonly temperature?: number;
}

/** The same without keeping it. */
export async function findCalibration(
  model: Model,
  { dataset, fit, temperature }: TrainedOn,
  options: JudgeOptions,
): Promise<Calibration | "stopped" | undefined> {
  const { split } = planFit(model, dataset, fit);
  const { images, labels } = dataset.validation ?? dataset.train;
  const { views } = options;
  const over = views && { views };
  if (split.validation.length === 0) {
    return temperature === undefined ? undefined : { ...givenCalibration(temperature), ...over };
  }
  const place = `${dataset.validation ? "validation" : "train"}.images`;
  const probabilities = await predictParts(model, images, split.validation, place, options);
  if (!probabilities) return "stopped";
  const truth = Array.from(split.validation, (index) => labels[index]);
  return { ...calibrate(predictionsOf(probabilities, truth, model.classes), { temperature }), ...over };
}
