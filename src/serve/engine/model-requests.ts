import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import type { Shape } from "../../core/layers/layer.js";
import type { LossName } from "../../core/loss.js";
import type { Calibration } from "../../core/metrics/calibrate.js";

/** What a model's thread is started with. */
export interface ModelWorkerData {
  /** Of a model file. */
  readonly bytes: Uint8Array;
  /** Named in errors. */
  readonly file: string;
  readonly name: string;
  readonly threads?: number;
  readonly portable: boolean;
  readonly wideVectors: boolean;
}

/** What is known of a model beside its weights. */
export interface AboutModel {
  /** [H, W, C] of its images. */
  readonly inputShape: Shape;
  readonly classNames: readonly string[];
  readonly loss: LossName;
  readonly preparation?: PicturePreparation;
  readonly calibration?: Calibration;
}

/** What a model's thread is asked for. */
export type ModelRequest =
  | { readonly kind: "about"; readonly mostTogether: number }
  /**
   * [N, H, W, C] as bytes; answered with probabilities, [N, classes]: of images as they are, or over the views that the
   * calibration was found for.
   */
  | { readonly kind: "predict"; readonly images: Uint8Array; readonly viewed: boolean }
  /** An image, [H, W, C], and the same picture as it is shown, [height, width, 3]; answered with a PNG. */
  | {
      readonly kind: "explain";
      readonly image: Uint8Array;
      /** Default: the class that it is taken for. */
      readonly label?: number;
      readonly shown: Uint8Array;
      readonly shape: Shape;
    };
