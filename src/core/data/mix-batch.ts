import type { Shape } from "../layers/layer.js";
import { exp, log, pow } from "../math/index.js";
import { createRandom, permutation, type Random } from "../random.js";
import type { Labels } from "./dataset.js";
import type { MixingOptions } from "./mixing.js";
import { greatestOfRows, oneHotRows } from "./targets.js";

/** How each image of a batch is mixed with another of it. */
export interface BatchMixing {
  /** The other image of each, by its place in the batch: [N]. */
  readonly partners: Uint32Array;
  /** How much of an image is its own, 0 … 1; of its targets too. */
  readonly share: number;
  /** [left, top, width, height] of what the other's pixels take; without it all pixels are blended by `share`. */
  readonly box?: readonly [number, number, number, number];
}

/** Sets these draws apart from every other use of the same seed. */
const mixingStream = 0x4d495845;

/**
 * Draws how a batch is mixed, from (seed, epoch, the batch's number in the epoch) and the number of its images alone.
 * One share λ from Beta(α, α) serves the whole batch, and the partners are a permutation of it, as the papers' own
 * programs have it (Zhang et al. 2018; Yun et al. 2019). CutMix then cuts a box of the same proportions as the image,
 * √(1 − λ) of its sides, about a place that may be anywhere, so that edges cut it: the share becomes that of the area
 * that is left. With both, each batch is mixed one way or the other, a half of them each.
 *
 * @param imageShape [H, W, C]
 */
export function mixBatch(
  { mixup, cutmix }: MixingOptions,
  [height, width]: Shape,
  count: number,
  place: { readonly seed: number; readonly epoch: number; readonly batch: number },
): BatchMixing {
  const random = createRandom(mixingStream, place.seed, place.epoch, place.batch);
  const partners = permutation(count, random);
  const cuts = random.uniform() < (mixup ? 0.5 : 1);
  if (mixup && !(cutmix && cuts)) return { partners, share: Math.fround(beta(mixup, random)) };
  const side = Math.sqrt(1 - beta(cutmix ?? 1, random));
  const [left, right] = stretch(width, side, random);
  const [top, bottom] = stretch(height, side, random);
  const share = Math.fround(1 - ((right - left) * (bottom - top)) / (width * height));
  return { partners, share, box: [left, top, right - left, bottom - top] };
}

/** Where a box lies along an axis: its first pixel, and the first behind it. */
function stretch(size: number, side: number, random: Random): readonly [number, number] {
  const half = Math.floor(size * side) >> 1;
  const centre = random.below(size);
  return [Math.max(0, centre - half), Math.min(size, centre + half)];
}

/** A draw from Beta(α, α): the share that one of two draws from Gamma(α) has of both. */
export function beta(alpha: number, random: Random): number {
  // As logarithms: of a small α both draws may be too small for a number.
  const [own, other] = [logGamma(alpha, random), logGamma(alpha, random)];
  return 1 / (1 + exp(other - own));
}

/** The logarithm of a draw from Gamma(α) (Marsaglia and Tsang 2000), of α < 1 by way of α + 1. */
function logGamma(alpha: number, random: Random): number {
  if (alpha < 1) return logGamma(alpha + 1, random) + log(1 - random.uniform()) / alpha;
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    if (1 + c * x <= 0) continue;
    const v = pow(1 + c * x, 3);
    if (log(1 - random.uniform()) < x * x * 0.5 + d - d * v + d * log(v)) return log(d * v);
  }
}

/** What the images of a batch should give. */
export interface BatchAnswers {
  readonly labels: Labels;
  /** [N, classes]; without them the labels say it. */
  readonly targets?: Float32Array;
  readonly weights?: Float32Array;
}

/**
 * The same of the mixed images. An image's loss is λ times that against its own target plus 1 − λ times that against
 * its partner's, each with its own weight; both losses are linear in the target, so that one target and one weight say
 * it. The label is the class of the greater share, whatever weighs more and whatever a teacher says.
 *
 * @param isTaught whether the targets are a teacher's, and not the images' own
 */
export function mixAnswers(
  { labels, targets: given, weights }: BatchAnswers,
  { partners, share }: BatchMixing,
  classes: number,
  isTaught = false,
): BatchAnswers & { readonly targets: Float32Array } {
  const count = labels.length;
  const own = given ?? oneHotRows(labels, classes);
  const targets = new Float32Array(count * classes);
  const mixedWeights = weights && new Float32Array(count);
  for (let image = 0; image < count; image++) {
    const partner = partners[image];
    let [mine, others] = [share, 1 - share];
    if (weights && mixedWeights) {
      const whole = mine * weights[image] + others * weights[partner];
      mixedWeights[image] = whole;
      if (whole > 0) [mine, others] = [(mine * weights[image]) / whole, (others * weights[partner]) / whole];
    }
    for (let label = 0; label < classes; label++) {
      targets[image * classes + label] =
        mine * own[image * classes + label] + others * own[partner * classes + label];
    }
  }
  const truth = { labels, ...(given && !isTaught && { targets: given }) };
  return {
    labels:
      weights || isTaught
        ? mixAnswers(truth, { partners, share }, classes).labels
        : greatestOfRows(targets, classes),
    targets,
    ...(mixedWeights && { weights: mixedWeights }),
  };
}
