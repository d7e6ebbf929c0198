import { checksum } from "../checksum.js";
import { checkTargets, oneHotRows, targetsKind } from "../data/targets.js";
import { UsageError } from "../errors.js";
import { type LossName, usualLoss } from "../loss.js";
import { atTemperature, temperatureKind } from "../metrics/temperature.js";
import { number, type OptionTable, optionsOf, type ResolvedOptions } from "../options/index.js";
import type { Answers } from "./answers.js";

/**
 * What a teacher, a model that was trained before, says of the images that train: knowledge distillation (Hinton, Vinyals
 * and Dean 2015, arXiv 1503.02531). An image's target becomes t = (1 − weight) · label + weight · softmax(ln p /
 * temperature), whose cross-entropy is (1 − weight) times that of its label and weight times that of what the teacher
 * says. The student's own softmax stays at a temperature of 1.
 */
export interface DistillationOptions {
  /** The teacher's softmax outputs for every training image, those that validate included: [N, classes]. */
  readonly probabilities: Float32Array;
  /** The teacher's share of the loss, 0 … 1 (default 0.5). */
  readonly weight?: number;
  /** The teacher's own, from 1/16 to 16: above 1 its second and third choices count for more (default 1). */
  readonly temperature?: number;
}

export const distillationOptions = {
  probabilities: { meaning: "the teacher's softmax outputs for every training image", kind: targetsKind },
  weight: {
    meaning: "the teacher's share of the loss",
    kind: number({ from: 0, to: 1 }),
    default: 0.5,
  },
  temperature: { meaning: "the teacher's temperature", kind: temperatureKind, default: 1 },
} satisfies OptionTable<DistillationOptions>;

export const distillationKind = optionsOf(distillationOptions);

export type Distillation = ResolvedOptions<typeof distillationOptions>;

/**
 * The targets of all training images, [N, classes].
 *
 * @throws UsageError where they have targets already, or the model tells labels apart each by itself. @throws HeddleError
 * on probabilities that are not those of the images
 */
export function distilledTargets(
  { probabilities, weight, temperature }: Distillation,
  { labels, targets }: Answers,
  { classes, loss = usualLoss }: { readonly classes: number; readonly loss?: LossName },
): Float32Array {
  if (targets || loss !== usualLoss) {
    const why = targets ? "the images have targets" : `the model's loss is ${loss}`;
    throw new UsageError(
      `fit: distillation mixes a teacher's probabilities with the one class of each image, but ${why}. Mix the targets yourself, or leave the distillation out.`,
    );
  }
  const [rows, images] = [probabilities.length / classes, labels.length];
  if (rows !== images) {
    throw new UsageError(
      `fit: distillation.probabilities has a length of ${probabilities.length}; give ${classes} for each of the ${images} training images, ${images * classes}, those that validate included.`,
    );
  }
  const place = "fit: distillation.probabilities";
  const taught = checkTargets(place, atTemperature(probabilities, classes, temperature), { classes, loss });
  const own = oneHotRows(labels, classes);
  return taught.map((target, at) => (1 - weight) * own[at] + weight * target);
}

/** What tells whether another distillation is the same, short enough for a checkpoint's settings. */
export function distillationSettings({
  probabilities,
  ...settings
}: Distillation): Readonly<Record<string, unknown>> {
  const { buffer, byteOffset, byteLength } = probabilities;
  return { ...settings, probabilities: checksum(new Uint8Array(buffer, byteOffset, byteLength)) };
}
