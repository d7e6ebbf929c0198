import type { ImageSet, Normalization } from "../data/dataset.js";
import { HeddleError, UsageError } from "../errors.js";
import { plural } from "../words.js";
import type { NetworkOptions } from "./network.js";
import { hasSimd } from "./probe.js";

/** A byte too many would run into what lies behind the images; a label too high would read beside the logits. */
export function checkImages({ count, images, labels }: ImageSet, imageSize: number, classes: number): void {
  if (images.length !== count * imageSize)
    throw new HeddleError(
      `${count} images of this network's input have ${count * imageSize} bytes, received ${images.length}. ` +
        "Give images of its inputShape, one byte a value.",
    );
  if (labels.length !== count)
    throw new HeddleError(`${count} images need ${count} labels, received ${labels.length}.`);
  const high = labels.findIndex((label) => label >= classes);
  if (high >= 0)
    throw new HeddleError(
      `Image ${high} has label ${labels[high]}, but the network has ${classes} classes: expected 0 to ${classes - 1}.`,
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
export function checkOptions(options: NetworkOptions): void {
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
