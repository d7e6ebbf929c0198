import { checkViews, type ViewOptions, viewsKind } from "../data/views.js";
import type { Shape } from "../layers/layer.js";
import { type OptionTable, type ResolvedOptions, resolveOptions } from "../options/index.js";
import { type WeightsOptions, weightsOptions } from "./weights-option.js";

/** How `predict` and `evaluate` look at images, and by which weights. */
export interface PredictOptions extends WeightsOptions {
  /**
   * Each image's probabilities are the mean over views of it: `{ flip: true, shift: 1 }` or "flip,shift=1" (default,
   * "none" or null: the image alone). Of probabilities, as in AlexNet's ten crops (Krizhevsky et al. 2012), since those
   * add up to 1 and stay what `predict` promises; views and weights are those of airbench (Jordan 2024), which takes the
   * mean of logits instead. Up to six predictions an image.
   */
  readonly views?: string | ViewOptions | null | undefined;
}

export const predictOptions = {
  views: {
    meaning: "views of each image that its prediction is the mean of",
    kind: viewsKind,
    otherwise: "the image alone",
  },
  ...weightsOptions,
} satisfies OptionTable<PredictOptions>;

export type ResolvedPredictOptions = ResolvedOptions<typeof predictOptions>;

/** What other libraries tell `predict`. */
const elsewhere = {
  batchSize: "Images are taken together as is soonest.",
  threads: "Give it to compile.",
  augmentation: "Give it to fit; views are what predictions have.",
};

/**
 * @param owner `predict` or `evaluate`
 * @param inputShape [H, W, C] of the images
 * @throws UsageError on an unknown option, or a value that is not allowed. @throws HeddleError on views that images of
 * this shape don't have
 */
export function resolvePredictOptions(
  owner: string,
  given: PredictOptions,
  inputShape: Shape,
): ResolvedPredictOptions {
  const options = resolveOptions(owner, given, predictOptions, { elsewhere });
  if (options.views) checkViews(options.views, inputShape);
  return options;
}
