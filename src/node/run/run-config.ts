import * as z from "zod";
import type { AugmentationConfig } from "../../core/data/augmentation.js";
import { HeddleError } from "../../core/errors.js";
import { type ModelName, modelNames } from "../../core/models/index.js";
import { createOptimizer, type OptimizerConfig, optimizerNames } from "../../core/optimizers/index.js";
import { createSchedule, type ScheduleConfig, scheduleNames } from "../../core/schedules/index.js";

/** Everything that decides a run's result: `config.json`. */
export interface RunConfig {
  readonly model: ModelName;
  /** False where the model's dropout layers are left out. */
  readonly dropout: boolean;
  /** "fashion-mnist" or the path of a folder. */
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  readonly labelSmoothing: number;
  /** Null where images are taken as they are. */
  readonly augmentation: AugmentationConfig | null;
  readonly seed: number;
  readonly splitSeed: number;
  /** Null where all training images are taken. */
  readonly limit: number | null;
  readonly portable: boolean;
}

const count = z.number().int().positive();

const schema = z.object({
  model: z.enum(modelNames),
  // Runs from before it could be left out don't say.
  dropout: z.boolean().default(true),
  data: z.string(),
  epochs: count,
  batchSize: count,
  optimizer: z.looseObject({ name: z.enum(optimizerNames) }),
  schedule: z.looseObject({ name: z.enum(scheduleNames) }),
  labelSmoothing: z.number(),
  augmentation: z
    .object({
      flip: z.boolean(),
      shift: z.number(),
      rotate: z.number(),
      zoom: z.number(),
      erase: z.number(),
    })
    .nullable(),
  seed: z.number().int(),
  splitSeed: z.number().int(),
  limit: count.nullable(),
  portable: z.boolean(),
});

/**
 * @param json what the file holds
 * @param file named in errors
 * @throws HeddleError saying what is wrong and where.
 */
export function parseRunConfig(json: unknown, file: string): RunConfig {
  const { optimizer, schedule, ...rest } = checkJson(schema, json, file);
  try {
    const { name, ...options } = optimizer;
    return {
      ...rest,
      optimizer: createOptimizer(name, options),
      schedule: createSchedule(schedule as ScheduleConfig).config,
    };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    throw new HeddleError(`${file} is not a run's configuration: ${error.message}`, { cause: error });
  }
}

/** @throws HeddleError with the first place that doesn't fit. */
export function checkJson<Output>(wanted: z.ZodType<Output>, json: unknown, file: string): Output {
  const result = wanted.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw new HeddleError(
    `${file} is not what heddle writes there (${place}${issue.message}). It was changed, or written by something else.`,
  );
}
