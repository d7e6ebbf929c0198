import type { ModelContents } from "../../core/formats/model-file.js";

/** Bilinear, as the Python imaging library numbers it. */
const bilinear = 2;

/**
 * `preprocessor_config.json`: how pictures become the network's input. A crop of a square is the model's own; of what its
 * configuration can't say, the nearest is taken, and `isNear` says so.
 */
export function preprocessor({ inputShape, normalization, preparation }: ModelContents): {
  readonly config: object;
  readonly isNear: boolean;
} {
  const [height, width, channels] = inputShape;
  const isGrey = channels === 1;
  // One that was not trained on pictures is shown all of them: see `preparationFor`.
  const { resize } = preparation ?? { resize: "fit" };
  const isCropped = resize === "crop";
  const size = isCropped ? { shortest_edge: Math.max(height, width) } : { height, width };
  return {
    isNear: resize === "fit" || (isCropped && height !== width),
    config: {
      image_processor_type: "BitImageProcessor",
      do_convert_rgb: true,
      do_resize: true,
      size,
      resample: bilinear,
      do_center_crop: isCropped,
      crop_size: { height, width },
      do_rescale: true,
      rescale_factor: 1 / 255,
      // The network makes pictures grey itself, and its pixels what they were in training.
      do_normalize: !isGrey,
      image_mean: isGrey ? [0, 0, 0] : normalization.mean,
      image_std: isGrey ? [1, 1, 1] : normalization.deviation,
    },
  };
}
