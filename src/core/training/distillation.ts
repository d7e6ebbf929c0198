import { checksum } from "../checksum.js";
import type { Labels } from "../data/dataset.js";
import { checkTargets, targetsKind } from "../data/targets.js";
import type { StepNeeds } from "../engine/network.js";
import { UsageError } from "../errors.js";
import { type LossName, usualLoss } from "../loss.js";
import { atTemperature, temperatureKind } from "../metrics/temperature.js";
import { choice, number, type OptionTable, optionsOf, type ResolvedOptions } from "../options/index.js";
import type { Answers } from "./answers.js";

/**
 * What a teacher, a model that was trained before, says of the images that train: knowledge distillation (Hinton, Vinyals
 * and Dean 2015, arXiv 1503.02531). An image's loss becomes
 *
 * (1 − w) · CE(label, softmax(z)) + w · T² · CE(softmax(ln p / T), softmax(z / T)),
 *
 * z the logits, p the teacher's probabilities, w the weight and T the temperature. Label smoothing is of the label alone.
 */
export interface DistillationOptions {
  /** The teacher's softmax outputs for every training image, those that validate included: [N, classes]. */
  readonly probabilities: Float32Array;
  /** The teacher's share of the loss, 0 … 1 (default 0.5). */
  readonly weight?: number | undefined;
  /** T, from 1/16 to 16: above 1 the teacher's second and third choices count for more (default 1). */
  readonly temperature?: number | undefined;
  /**
   * Which softmaxes are at the temperature: "both", as above (the default), or "teacher", with w · CE(softmax(ln p / T),
   * softmax(z)) for the teacher's part, whose network says in the end what the softened teacher does.
   */
  readonly softens?: Softens | undefined;
}

/** Whose softmax is at the temperature. */
export type Softens = "both" | "teacher";

export const softensNames: readonly Softens[] = ["both", "teacher"];

export const distillationOptions = {
  probabilities: { meaning: "the teacher's softmax outputs for every training image", kind: targetsKind },
  weight: {
    meaning: "the teacher's share of the loss",
    kind: number({ from: 0, to: 1 }),
    default: 0.5,
  },
  temperature: { meaning: "the teacher's temperature", kind: temperatureKind, default: 1 },
  softens: { meaning: "which softmaxes are at the temperature", kind: choice(softensNames), default: "both" },
} satisfies OptionTable<DistillationOptions>;

export const distillationKind = optionsOf(distillationOptions);

export type Distillation = ResolvedOptions<typeof distillationOptions>;

/** What is to be learned of a teacher. */
export interface Teaching extends Omit<Distillation, "probabilities"> {
  /** softmax(ln p / T), [N, classes]. */
  readonly softened: Float32Array;
}

/**
 * A distillation that fits the images.
 *
 * @throws UsageError where they have targets already, or the model tells labels apart each by itself. @throws HeddleError
 * on probabilities that are not those of the images
 */
export function teachingOf(
  { probabilities, weight, temperature, softens }: Distillation,
  { labels, targets }: Answers,
  { classes, loss = usualLoss }: { readonly classes: number; readonly loss?: LossName },
): Teaching {
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
  const softened = checkTargets(place, atTemperature(probabilities, classes, temperature), { classes, loss });
  return { softened, weight, temperature, softens };
}

/** What a network must be made for to learn it: where both softmaxes are one, at a temperature of 1 or by choice, that is nothing but targets. */
export const distilledNeeds = ({
  weight,
  temperature,
  softens,
}: Teaching): Pick<StepNeeds, "distillation" | "smoothed"> => ({
  smoothed: true,
  ...(temperature !== 1 && softens === "both" && { distillation: { weight, temperature } }),
});

/**
 * What stands for the label and the teacher's answer together: (1 − w) · y + w · T · softmax(ln p / T), y the smoothed
 * label; without T where the teacher's softmax alone is softened. [N, classes].
 */
export function distilledTargets(
  { softened, weight, temperature, softens }: Teaching,
  labels: Labels,
  labelSmoothing = 0,
): Float32Array {
  const classes = softened.length / labels.length;
  const share = softens === "both" ? weight * temperature : weight;
  return softened.map((target, at) => {
    const isLabel = labels[Math.floor(at / classes)] === at % classes;
    const own = (isLabel ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
    return (1 - weight) * own + share * target;
  });
}

/** What tells whether another distillation is the same, short enough for a checkpoint's settings. */
export function distillationSettings({
  probabilities,
  ...settings
}: Distillation): Readonly<Record<string, unknown>> {
  const { buffer, byteOffset, byteLength } = probabilities;
  return { ...settings, probabilities: checksum(new Uint8Array(buffer, byteOffset, byteLength)) };
}
