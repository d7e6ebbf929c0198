import { type ImagesMark, sameImages } from "../core/data/images-mark.js";
import { HeddleError } from "../core/errors.js";
import type { Checkpoint } from "../core/formats/checkpoint-file.js";
import { otherImagesWords } from "../core/training/other-images.js";

/** Where a run's checkpoint notes the images that the run is judged on: training itself knows nothing of them. */
const key = "testImages";

export function withTestImages(checkpoint: Checkpoint, testImages: ImagesMark): Checkpoint {
  return { ...checkpoint, settings: { ...checkpoint.settings, [key]: testImages } };
}

/** The checkpoint as training knows it. */
export function withoutTestImages(checkpoint: Checkpoint): Checkpoint {
  const { [key]: _, ...settings } = checkpoint.settings;
  return { ...checkpoint, settings };
}

/**
 * Holds the images that a checkpoint's run is judged on against those that are here. Checkpoints from before they
 * were noted say nothing.
 *
 * @param file the checkpoint, for the error
 * @throws HeddleError where images or labels are others
 */
export function checkTestImages({ settings }: Checkpoint, wanted: ImagesMark, file: string): void {
  const its = settings[key];
  if (its === undefined) return;
  if (sameImages(its, wanted)) return;
  throw new HeddleError(
    `${file} belongs to a run that is judged on other test images or labels: ${otherImagesWords(its, wanted)}. Put the run's own data back, or train again.`,
  );
}
