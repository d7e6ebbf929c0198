import * as z from "zod";
import type { EpochRecord } from "../core/training/events.js";

/** What a run keeps of an epoch: a line of `history.jsonl`. */
export interface RunEpoch extends EpochRecord {
  /**
   * SHA-256 of the model file of the trained weights after it, as `last.safetensors` was then. Runs of before heddle kept
   * it have none.
   */
  readonly weightsDigest?: string;
}

/** What is no number where nothing validates: JSON has null for that. */
const orNoNumber = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** A line of `history.jsonl`. */
export const epochSchema = z.object({
  epoch: z.number().int().positive(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: orNoNumber,
  validationAccuracy: orNoNumber,
  learningRate: z.number(),
  seconds: z.number(),
  weightsDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
});
