import { number, type OptionTable } from "../options/index.js";

/** Images of a batch mixed with each other; what is left out is off. */
export interface MixingOptions {
  /**
   * Blends each image and its target with another's, λ from Beta(α, α) for the whole batch: its α (Zhang et al. 2018).
   * With `cutmix` too, each batch is mixed one way or the other, a half of them each.
   */
  readonly mixup?: number | undefined;
  /** Pastes a box of another image into each, and mixes the targets by its area, 1 − λ at most: its α (Yun et al. 2019). */
  readonly cutmix?: number | undefined;
}

/** Beyond it every λ is a half, as near as makes no difference. */
const alpha = number({ from: 0, to: 100, note: "α of Beta(α, α)" });

export const mixingOptions = {
  mixup: {
    meaning: "blends images and targets with another's, by a share from Beta(α, α)",
    kind: alpha,
    otherwise: "none are blended",
  },
  cutmix: {
    meaning: "pastes boxes of other images, and mixes targets by their area",
    kind: alpha,
    otherwise: "none are pasted",
  },
} satisfies OptionTable<MixingOptions>;

/** Whether anything is mixed. */
export const mixes = ({ mixup, cutmix }: MixingOptions): boolean => (mixup ?? 0) > 0 || (cutmix ?? 0) > 0;
