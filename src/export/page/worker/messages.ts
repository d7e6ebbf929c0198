import type { Classification, ClassPrediction } from "../../../core/training/classify.js";
import type { HeatMap } from "../../../report/heat-picture.js";
import type { CarriedModel } from "../../html/carried-model.js";

/** A picture as people see it, [height, width, 4], red, green, blue and opacity. */
export interface Preview {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** From the page to its worker. The model comes first; the others are answered under their number. */
export type Request =
  | { readonly kind: "open"; readonly model: CarriedModel; readonly weights: string }
  | { readonly kind: "classify"; readonly id: number; readonly file: Blob; readonly invert: boolean }
  | {
      readonly kind: "explain";
      readonly id: number;
      readonly image: Uint8Array;
      readonly classIndex: number;
    };

/** What an image is taken for. */
export interface Verdict extends Classification {
  /** Of classes the most probable one, of labels all that it has rather than not. */
  readonly labels: readonly ClassPrediction[];
}

/** What a picture is taken for. */
export interface Classified {
  readonly kind: "classified";
  readonly id: number;
  /** The model's bytes of it, [H, W, C]. */
  readonly image: Uint8Array;
  readonly preview: Preview;
  readonly verdict: Verdict;
}

/** From the worker to its page. */
export type Reply =
  | { readonly kind: "ready" }
  | Classified
  | { readonly kind: "explained"; readonly id: number; readonly heat: HeatMap }
  /** Without a number where the model can't be made ready. */
  | { readonly kind: "failed"; readonly id?: number; readonly message: string };
