import * as z from "zod";
import type { Views } from "../core/data/views.js";
import type { OwnFormat } from "../core/formats/own-file.js";
import { type Softens, softensNames } from "../core/training/distillation.js";

/** What a teacher said of each training image, in a run's folder. */
export const teacherFile = "teacher.safetensors";

export const teacherFormat: OwnFormat = {
  format: "heddle-teacher",
  noun: "record of a teacher",
  giveInstead: "Give the teacher.safetensors of a run.",
  otherVersion: "Read it with the heddle that wrote it, or a newer one.",
};

/** What `config.json` says of a run's teacher: what it said of each training image is in `teacher.safetensors`. */
export interface TeacherRecord {
  readonly name: string;
  /** SHA-256 of its model file. */
  readonly digest: string;
  /** Absent where it looked at each image as it is. */
  readonly views?: Views;
  readonly weight: number;
  readonly temperature: number;
  /** Which softmaxes are at the temperature: see `DistillationOptions`. */
  readonly softens: Softens;
  /** SHA-256 of `teacher.safetensors`. */
  readonly targets: string;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/u, "expected a SHA-256, 64 digits of 0 to 9 and a to f");

export const teacherSchema = z.object({
  name: z.string(),
  digest,
  views: z.object({ flip: z.boolean(), shift: z.number() }).optional(),
  weight: z.number().min(0).max(1),
  temperature: z.number().positive(),
  softens: z.enum(softensNames).default("both"),
  targets: digest,
});
