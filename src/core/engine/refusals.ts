import type { Normalization } from "../data/dataset.js";
import { HeddleError, UsageError } from "../errors.js";
import { plural } from "../words.js";
import type { NetworkOptions, TrainStep } from "./network.js";
import type { LossSettings } from "./nodes/loss.js";
import { hasSimd } from "./probe.js";

/**
 * A byte too many would run into what lies behind the images; a label too high would read beside the logits.
 * @throws UsageError on either
 */
export function checkStep(
  { images, labels }: Pick<TrainStep, "images" | "labels">,
  imageSize: number,
  classes: number,
): void {
  if (images.length !== labels.length * imageSize)
    throw new UsageError(
      `A step has a label an image, and ${imageSize} bytes an image of this network's inputShape; ` +
        `received ${plural(labels.length, "label")} and ${plural(images.length, "byte")}.`,
    );
  const high = labels.findIndex((label) => label >= classes);
  if (high >= 0)
    throw new UsageError(
      `Image ${high} of a step has label ${labels[high]}, but the network has ${classes} classes: expected 0 to ${classes - 1}.`,
    );
}

/** @throws UsageError unless there is a weight for each image, and only where the network takes them. */
export function checkWeights(
  { labels, weights }: Pick<TrainStep, "labels" | "weights">,
  weighted: boolean,
): void {
  const wanted = weighted ? labels.length : 0;
  if ((weights?.length ?? 0) !== wanted)
    throw new UsageError(
      `A step of ${plural(labels.length, "image")} has ${plural(wanted, "weight")} in ${weighted ? "a weighted network" : "a network that isn't weighted"}; received ${weights?.length ?? "none"}.`,
    );
  const wrong = weights?.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (wrong >= 0)
    throw new UsageError(
      `Image ${wrong} of a step has weight ${weights?.[wrong]}: expected a number of 0 or more.`,
    );
}

/** @throws UsageError unless there are targets for each image where the network takes them, and only there */
export function checkTargets(
  { labels, targets }: Pick<TrainStep, "labels" | "targets">,
  { loss, soft }: LossSettings,
  classes: number,
): void {
  if (loss === "binaryCrossEntropy" && !soft)
    throw new UsageError(
      "A network of binary cross-entropy is trained with targets: make it with targets: true.",
    );
  const wanted = soft ? labels.length * classes : 0;
  if ((targets?.length ?? 0) === wanted) return;
  throw new UsageError(
    `A step of ${plural(labels.length, "image")} has ${plural(wanted, "target")} in a network ${soft ? `of ${plural(classes, "class", "classes")} that takes them` : "that takes labels alone"}; received ${targets?.length ?? "none"}.`,
  );
}

/** @throws UsageError unless each image has a partner in the batch, and only where the network mixes them */
export function checkMixing({ labels, mixing }: Pick<TrainStep, "labels" | "mixing">, mixes: boolean): void {
  if (!mixing) return;
  if (!mixes)
    throw new UsageError("A step mixes its images, but the network was made without: give it mixes: true.");
  const count = labels.length;
  if (mixing.partners.length === count && mixing.partners.every((partner) => partner < count)) return;
  throw new UsageError(
    `A step of ${plural(count, "image")} is mixed with ${plural(count, "partner")}, each below ${count}; received ${mixing.partners.join(", ") || "none"}.`,
  );
}

/** @throws UsageError unless there is a mean and a deviation for each channel. */
export function checkNormalization({ mean, deviation }: Normalization, channels: number): void {
  if (mean.length === channels && deviation.length === channels) return;
  throw new UsageError(
    `A normalization of images of ${plural(channels, "channel")} has a mean and a deviation ` +
      `for each; received ${mean.length} and ${deviation.length}.`,
  );
}

/** @throws UsageError on impossible numbers, HeddleError on a runtime without SIMD. */
export function checkOptions(options: Omit<NetworkOptions, "platform">): void {
  if (!hasSimd())
    throw new HeddleError(
      "This runtime has no WebAssembly SIMD. Use Node 20 or newer, or a current browser.",
    );
  const { threads, trainBatchSize, inferenceBatchSize } = options;
  const { inputShape } = options.graph;
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`threads must be a whole number from 1 on, received ${threads}.`);
  if (inputShape.length !== 3)
    throw new UsageError(
      `inputShape must be [height, width, channels], received [${inputShape.join(", ")}].`,
    );
  for (const [name, size] of Object.entries({ trainBatchSize, inferenceBatchSize }))
    if (!Number.isInteger(size) || size < 0)
      throw new UsageError(`${name} must be a whole number from 0 on, received ${size}.`);
}
