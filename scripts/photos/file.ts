import type { HeadSettings } from "#heddle/core/transfer/index.js";
import type { describeMachine } from "../bench/machine.js";

/** results/photos.json. */
export interface PhotosFile {
  readonly environment: ReturnType<typeof describeMachine>;
  readonly command: string;
  /** How many train, and how many are judged. */
  readonly photos?: number;
  readonly held?: number;
  /** Pixels a side of those that features are of. */
  readonly size?: number;
  /** Of the features of all that train, once. */
  readonly featureSeconds?: number;
  /** Heads on the features of all that train, and of their mirror images; judged over both views. */
  readonly heads: readonly (HeadSettings & {
    readonly seed: number;
    readonly accuracy: number;
    readonly seconds: number;
    /** Processes that waited for a processor before it began; missing of those of before. */
    readonly load?: number;
  })[];
  /** Of `heddle train --from`. */
  readonly fineTuned: readonly PhotosRun[];
  /** Of `heddle train` without a body. */
  readonly fromScratch?: readonly PhotosRun[];
}

/** A run, and how long it took in all, pictures decoded before or not. */
export interface PhotosRun {
  readonly seed: number;
  readonly model: string;
  readonly size: number;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly validationAccuracy: number;
  readonly accuracy: number;
  /** The mean over each photo and its mirror image. */
  readonly mirroredAccuracy: number;
  readonly seconds: number;
  /** As a head's. */
  readonly load?: number;
}
