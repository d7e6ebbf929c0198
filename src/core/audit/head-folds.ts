import type { Platform } from "../platform.js";
import type { WorkSignal } from "../stop.js";
import { featureRows } from "../transfer/feature-rows.js";
import { type Features, type HeadSettings, headProbabilities, trainHead } from "../transfer/index.js";
import type { FoldRound, PredictFold } from "./cross-validate.js";
import type { Pooled } from "./pooled.js";

/** How far the trainings of a fold's head are. */
export interface HeadEvent {
  readonly event: "head";
  /** From 0. */
  readonly fold: number;
  readonly folds: number;
  readonly done: number;
  readonly count: number;
}

export interface HeadFoldsOptions {
  readonly features: Features;
  /** [N]: images of one number are never parted. */
  readonly groups: Uint32Array;
  readonly seed: number;
  readonly platform: Platform;
  readonly threads?: number;
  readonly signal?: WorkSignal;
  readonly onEvent?: (event: HeadEvent) => void;
  /** Told what the heads are trained with. */
  readonly onSettings: (settings: HeadSettings) => void;
}

/**
 * Trains a dense layer on the features of each fold's images, and predicts those held out. How strongly it is held back is
 * chosen by cross-validation within the images that the first fold learns from, and is the same in all.
 */
export function headFolds({ labels, classNames }: Pooled, options: HeadFoldsOptions): PredictFold {
  const { features, groups, seed, platform, threads, signal, onEvent, onSettings } = options;
  let chosen: HeadSettings | undefined;
  return async ({ fold, folds, train, held }: FoldRound) => {
    const head = await trainHead({
      features: featureRows(features, train),
      labels: Uint32Array.from(train, (image) => labels[image]),
      groups: Uint32Array.from(train, (image) => groups[image]),
      classes: classNames.length,
      choices: chosen && [chosen],
      seed: seed + fold,
      platform,
      threads,
      signal,
      onProgress: (done, count) => onEvent?.({ event: "head", fold, folds, done, count }),
    });
    if (!chosen) onSettings(head.settings);
    chosen ??= head.settings;
    return headProbabilities(head, featureRows(features, held));
  };
}
