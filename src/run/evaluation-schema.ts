import * as z from "zod";
import type { RunJudgement } from "./judge.js";

/** What the test set says of a run, but for the ROC curves: those follow from the predictions. */
export type RunEvaluation = Omit<RunJudgement, "roc">;

const viewsSchema = z.object({ flip: z.boolean(), shift: z.number() });
const share = z.number().min(0).max(1);
const precisionRecall = z.object({ precision: share, recall: share, f1: share });

export const evaluationSchema = z.object({
  n: z.number().int().positive(),
  accuracy: share,
  loss: z.number(),
  macroAuc: share.nullable(),
  microAuc: share.nullable(),
  top2Accuracy: share,
  expectedCalibrationError: share,
  macro: precisionRecall,
  weighted: precisionRecall,
  classes: z.array(
    precisionRecall.extend({ name: z.string(), auc: share.nullable(), support: z.number().int() }),
  ),
  confusion: z.array(z.array(z.number().int())),
  views: viewsSchema.optional(),
  withoutLeaks: z.object({ images: z.number().int().positive(), accuracy: share }).optional(),
  calibration: z
    .object({
      temperature: z.number().positive(),
      unsureBelow: share.nullable(),
      goal: share,
      images: z.number().int().nonnegative(),
      views: viewsSchema.optional(),
      loss: z.number(),
      expectedCalibrationError: share,
      sure: share,
      sureAccuracy: share.nullable(),
    })
    .optional(),
});
