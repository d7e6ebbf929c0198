import * as z from "zod";
import type { AugmentationConfig } from "../core/data/augmentation.js";
import { isPreparation, type PicturePreparation } from "../core/data/picture-preparation.js";
import type { Views } from "../core/data/views.js";
import { HeddleError } from "../core/errors.js";
import { graphFromConfig, type NodeConfig } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import { modelDefinitions, modelNames, withoutDropout } from "../core/models/index.js";
import {
  createOptimizer,
  type OptimizerConfig,
  optimizerNames,
  type ResolvedGroup,
} from "../core/optimizers/index.js";
import { parameterGroupsKind } from "../core/optimizers/parameter-groups.js";
import { checkValue, resolveOptions } from "../core/options/index.js";
import { createSchedule, type ScheduleConfig, scheduleNames } from "../core/schedules/index.js";
import { type EarlyStopping, earlyStoppingOptions } from "../core/training/early-stopping.js";
import type { ClassWeights } from "../core/training/image-weights.js";
import { type WeightAverageOptions, weightAverageKind } from "../core/training/weight-average.js";
import type { BodyRecord } from "./body-record.js";
import { checkJson } from "./check-json.js";
import type { DataOptions } from "./host.js";
import { definedModel, type RunModel } from "./run-model.js";
import { type TeacherRecord, teacherSchema } from "./teacher-record.js";

/** How a run trains: all that decides its result beside layers and images. */
export interface TrainingSettings {
  /** Passes over the training part. */
  readonly epochs: number;
  /** Images a step. */
  readonly batchSize: number;
  /** With every option. */
  readonly optimizer: OptimizerConfig;
  /** With every option, but for those that follow from the length of the run. */
  readonly schedule: ScheduleConfig;
  /** Share of the target spread evenly over all classes. */
  readonly labelSmoothing: number;
  /** Absent where no gradient is clipped. */
  readonly clipNorm?: number | undefined;
  /** Absent where all tensors are trained alike. */
  readonly parameterGroups?: readonly ResolvedGroup[] | undefined;
  /** Absent where no average of the weights is kept. */
  readonly weightAverage?: WeightAverageOptions | undefined;
  /** Share of each class's images that validates; absent where it is the usual fifth, 0 where all of them train. */
  readonly validationShare?: number | undefined;
  /** Views that predictions are means over, where the run is judged; absent where images are looked at as they are. */
  readonly views?: Views | undefined;
  /** The temperature of its calibration, where it was given and is not found on the images that validate. */
  readonly temperature?: number | undefined;
  /** Null where images are taken as they are. */
  readonly augmentation: AugmentationConfig | null;
  /** Absent where all images count alike. */
  readonly classWeights?: ClassWeights | undefined;
  /** Absent where training goes on to its last epoch. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /** Decides first weights, order of images, dropout and augmentation. */
  readonly seed: number;
  /** Decides which images validate. */
  readonly splitSeed: number;
  /** Null where all training images are taken. */
  readonly limit: number | null;
  /** Whether multiply and add are apart: the same bytes on every processor. */
  readonly portable: boolean;
}

/** Everything that decides a run's result: `config.json`. */
export interface RunConfig extends TrainingSettings {
  /** What people call the model: one of the library's names, or its own. What it is, `layers` says. */
  readonly model: string;
  /** Its graph as `graphConfig` gives it. Runs of before the first release have none: there `model` is one of the library's names. */
  readonly layers?: readonly NodeConfig[];
  /** [H, W, C] of the images; there where `layers` are. */
  readonly inputShape?: Shape;
  /** In runs of before the first release alone: false where the dropout layers of its model were left out. */
  readonly dropout?: boolean;
  /** "fashion-mnist", the path of a folder, or what a program calls the images that it handed over. */
  readonly data: string;
  /** What else its images were found by, as the place that it ran in reads it: absent where the name says all. */
  readonly dataOptions?: DataOptions;
  /** How pictures became the images: absent where they are of no pictures. */
  readonly preparation?: PicturePreparation;
  /** Whether a program handed the images over: then nobody finds them by name. */
  readonly ownData: boolean;
  /** What it stands on, where it began with a body's weights: those are in `first.safetensors`. */
  readonly body?: BodyRecord;
  /** Whose answers stand beside the labels, in `teacher.safetensors`; absent where labels alone are learned. */
  readonly teacher?: TeacherRecord;
  /** The `arithmeticVersion` that it is trained with. */
  readonly arithmeticVersion: number;
}

const count = z.number().int().positive();
const pair = z.tuple([z.number(), z.number()]);
const named = z.object({ model: z.enum(modelNames), dropout: z.boolean().default(true) });
const layered = z.object({
  model: z.string().min(1),
  layers: z.array(z.looseObject({ type: z.string(), name: z.string() })).min(1),
  inputShape: z.array(count).length(3),
});

const trainingSchema = z.object({
  epochs: count,
  batchSize: count,
  optimizer: z.looseObject({ name: z.enum(optimizerNames) }),
  schedule: z.looseObject({ name: z.enum(scheduleNames) }),
  labelSmoothing: z.number(),
  clipNorm: z.number().positive().optional(),
  parameterGroups: z.array(z.looseObject({})).optional(),
  weightAverage: z.looseObject({}).optional(),
  augmentation: z
    .object({
      flip: z.union([z.boolean(), z.literal("alternate")]),
      shift: z.number(),
      rotate: z.number(),
      zoom: z.number(),
      erase: z.number(),
      reflect: z.boolean().optional(),
      crop: pair.optional(),
      ratio: pair.optional(),
      brightness: z.number().optional(),
      contrast: z.number().optional(),
      saturation: z.number().optional(),
      hue: z.number().optional(),
      grey: z.number().optional(),
      mixup: z.number().optional(),
      cutmix: z.number().optional(),
    })
    .nullable(),
  validationShare: z.number().min(0).lt(1).optional(),
  views: z.object({ flip: z.boolean(), shift: z.number() }).optional(),
  temperature: z.number().positive().optional(),
  classWeights: z.union([z.literal("balanced"), z.array(z.number())]).optional(),
  earlyStopping: z.looseObject({}).optional(),
  seed: z.number().int(),
  splitSeed: z.number().int(),
  limit: count.nullable(),
  portable: z.boolean(),
});

const headSettings = { weightDecay: z.number(), dropoutRate: z.number() };

const bodySchema = z.object({
  name: z.string(),
  digest: z.string(),
  unfreeze: z.union([z.enum(["none", "all"]), count]),
  head: z.object({
    ...headSettings,
    trials: z.array(z.object({ ...headSettings, accuracy: z.number(), loss: z.number() })),
  }),
});

const besides = z.object({
  data: z.string(),
  dataOptions: z.record(z.string(), z.unknown()).optional(),
  preparation: z.unknown().optional(),
  ownData: z.boolean().default(false),
  arithmeticVersion: count.default(1),
  body: bodySchema.optional(),
  teacher: teacherSchema.optional(),
});

/**
 * @param json what the file holds
 * @param file named in errors
 * @throws HeddleError saying what is wrong and where.
 */
export function parseRunConfig(json: unknown, file: string): RunConfig {
  const hasLayers = typeof json === "object" && json !== null && "layers" in json;
  const model = hasLayers ? checkJson(layered, json, file) : checkJson(named, json, file);
  const { preparation, ...images } = checkJson(besides, json, file);
  const config = {
    ...model,
    ...parseTraining(json, file),
    ...images,
    ...(preparation !== undefined && { preparation: checkedPreparation(preparation, model, file) }),
  };
  // What describes no graph is found here, not in the middle of something.
  if ("layers" in config) understood(file, () => graphFromConfig(config.layers, config.inputShape));
  return config;
}

function checkedPreparation(given: unknown, model: object, file: string): PicturePreparation {
  if ("inputShape" in model && isPreparation(given, model.inputShape as Shape)) return given;
  throw new HeddleError(
    `${file} is not a run's configuration: its preparation makes no images of its inputShape. Put the run's own file back.`,
  );
}

/** @throws HeddleError saying what is wrong and where. */
export function parseTraining(json: unknown, file: string): TrainingSettings {
  const { optimizer, schedule, parameterGroups, weightAverage, earlyStopping, ...rest } = checkJson(
    trainingSchema,
    json,
    file,
  );
  const { name, ...options } = optimizer;
  return understood(file, () => ({
    ...rest,
    optimizer: createOptimizer(name, options),
    schedule: createSchedule(schedule as ScheduleConfig).config,
    ...(parameterGroups && {
      parameterGroups: checkValue("config", "parameterGroups", parameterGroups, parameterGroupsKind),
    }),
    ...(weightAverage && {
      weightAverage: checkValue("config", "weightAverage", weightAverage, weightAverageKind),
    }),
    ...(earlyStopping && {
      earlyStopping: resolveOptions("earlyStopping", earlyStopping, earlyStoppingOptions),
    }),
  }));
}

function understood<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    throw new HeddleError(`${file} is not a run's configuration: ${error.message}`, { cause: error });
  }
}

/** The model that a configuration describes or names. */
export function modelOfConfig({ model, layers, inputShape, dropout }: RunConfig): RunModel {
  if (layers && inputShape) return { name: model, graph: () => graphFromConfig(layers, inputShape) };
  const definition = modelDefinitions[model as keyof typeof modelDefinitions];
  return definedModel(dropout === false ? withoutDropout(definition) : definition);
}
