import { flag, type OptionTable, text } from "../../core/options/index.js";

/** What `exportTransformers` takes beside the model. */
export interface ExportTransformersOptions {
  /** Divides the logits by the temperature that calibration found. Default false. */
  readonly calibrated?: boolean | undefined;
  /** Under which licence the model is given. */
  readonly licence?: string | undefined;
}

export const exportTransformersOptions = {
  calibrated: { meaning: "divide logits by the calibration's temperature", kind: flag(), default: false },
  licence: { meaning: "under which licence the model is given", kind: text(), otherwise: "none is named" },
} satisfies OptionTable<ExportTransformersOptions>;
