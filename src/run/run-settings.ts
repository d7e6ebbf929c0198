import { arithmeticVersion } from "../core/arithmetic.js";
import type { AugmentationOptions } from "../core/data/augmentation.js";
import type { Dataset } from "../core/data/dataset.js";
import type { ViewOptions } from "../core/data/views.js";
import { UsageError } from "../core/errors.js";
import { isRecord } from "../core/formats/json.js";
import { temperatureKind } from "../core/metrics/temperature.js";
import type { OptimizerName, OptimizerSpec, ParameterGroup } from "../core/optimizers/index.js";
import {
  type AnyOptionTable,
  either,
  kindOfValue,
  nearestName,
  type OptionTable,
  plainOptions,
  resolveOptions,
  text,
  wholeNumber,
} from "../core/options/index.js";
import { fixedRate } from "../core/schedules/fixed-rate.js";
import {
  createSchedule,
  type Schedule,
  type ScheduleConfig,
  type ScheduleName,
} from "../core/schedules/index.js";
import { repeatableConfig } from "../core/schedules/repeatable-config.js";
import { checkedDataset } from "../core/training/check-dataset.js";
import { compileOptions } from "../core/training/compile.js";
import type { EarlyStoppingOptions } from "../core/training/early-stopping.js";
import { fitOptions } from "../core/training/fit.js";
import type { ClassWeights } from "../core/training/image-weights.js";
import { modelOptions } from "../core/training/model-options.js";
import { predictOptions } from "../core/training/predict-options.js";
import { refuseUnwatched } from "../core/training/validation-error.js";
import type { WeightAverageOptions } from "../core/training/weight-average.js";
import { listed } from "../core/words.js";
import type { DataOptions } from "./host.js";
import { modelOfConfig, type RunConfig, type TrainingSettings } from "./run-config.js";
import { type GivenRunModel, type RunModel, runModelKind } from "./run-model.js";
import { datasetKind, runOptions } from "./run-options.js";
import { type ResolvedTeacher, type RunTeacher, teacherKind } from "./teacher.js";

/** What decides a run's result. */
export interface RunSettings {
  /**
   * What is trained: one of the library's models by name, a model such as `sequential([…], { inputShape })`, its
   * graph, or a definition that makes layers for any images. Weights are drawn anew from the seed. What a model was compiled
   * with is not the run's: its optimizer, schedule and the like are settings here.
   */
  readonly model: GivenRunModel;
  /** "fashion-mnist", the path of whatever `loadDataset` reads, or a data set. */
  readonly data: string | Dataset;
  /**
   * What else `data` is found and read by, JSON values as the place where it runs takes them: in Node those of
   * `loadDataset`, such as `{ size: 96, channels: 3 }` for a folder of pictures (default: nothing).
   */
  readonly dataOptions?: DataOptions | undefined;
  /** Passes over the training part (default 1). */
  readonly epochs?: number | undefined;
  /** Images a step (default 128, or all of them where fewer train). */
  readonly batchSize?: number | undefined;
  /** Where no batchSize is given: this many, or all of them where fewer train (default 128). */
  readonly batchSizeAtMost?: number | undefined;
  /** A name or a factory's result, such as `sgd({ momentum: 0.9 })` (default `adam()`). */
  readonly optimizer?: OptimizerName | OptimizerSpec | undefined;
  /** A fixed learning rate (default 0.001); `schedule` takes its place. */
  readonly learningRate?: number | undefined;
  /** A learning rate for each step. One made by hand is none: a run that goes on could not make it again. */
  readonly schedule?: Schedule | ScheduleName | ScheduleConfig | undefined;
  /** Share of the target spread evenly over all classes, 0 ≤ share < 1 (default 0). */
  readonly labelSmoothing?: number | undefined;
  /** The norm of all gradients together at which they are clipped (default, or null: never). */
  readonly clipNorm?: number | null | undefined;
  /** Tensors that are trained otherwise than the others, or not at all, by their names (default, or null: none). */
  readonly parameterGroups?: readonly ParameterGroup[] | null | undefined;
  /**
   * Keeps a moving average of the weights: { decay: 0.999 } (default, or null: none). It is judged on the images that
   * validate, and of the best epoch it is what the run keeps and judges on the test set.
   */
  readonly weightAverage?: WeightAverageOptions | null | undefined;
  /** How training images are varied (default, or null: not at all). */
  readonly augmentation?: string | AugmentationOptions | null | undefined;
  /** What the loss of each class's images is multiplied by, or "balanced" (default, or null: nothing). */
  readonly classWeights?: ClassWeights | null | undefined;
  /** Stops after epochs without an improvement: `{ patience: 5 }` (default, or null: at the last epoch). */
  readonly earlyStopping?: EarlyStoppingOptions | null | undefined;
  /**
   * Share of each class's images that validates, 0 ≤ share < 1 (default, or null: a fifth, or the data's own part). Of 0
   * all images train, nothing is chosen and nothing calibrated: the last epoch's weights are the best.
   */
  readonly validationShare?: number | null | undefined;
  /** A model that was trained before, whose answers stand beside the labels (default, or null: labels alone). */
  readonly teacher?: RunTeacher | null | undefined;
  /**
   * Views of each image that its prediction is the mean over, as `predict` has them (default, "none" or null: the
   * image alone), where the run is judged, calibrated, and asked later.
   */
  readonly views?: string | ViewOptions | null | undefined;
  /** The temperature of its calibration (default, or null: found on the images that validate, if any). */
  readonly temperature?: number | null | undefined;
  /** Decides first weights, order of images, dropout and augmentation (default: the model's, or 1). */
  readonly seed?: number | undefined;
  /** Decides which images validate, a fifth of each class (default 1). */
  readonly splitSeed?: number | undefined;
  /** Takes only this many training images, evenly per class (default, or null: all). */
  readonly limit?: number | null | undefined;
  /** Plain multiply and add: the same bytes on every processor (default false). */
  readonly portable?: boolean | undefined;
}

/** A run that is known but for its images. */
export interface RunPlan {
  readonly model: RunModel;
  readonly training: Omit<TrainingSettings, "batchSize"> & Pick<RunSettings, "batchSize" | "batchSizeAtMost">;
  /** As `config.json` names the images. */
  readonly data: Pick<RunConfig, "data" | "ownData" | "dataOptions" | "preparation">;
}

/** Settings that a configuration may say null of: as an option that is the same as nothing. */
const mayBeNull = [
  "augmentation",
  "clipNorm",
  "parameterGroups",
  "weightAverage",
  "classWeights",
  "earlyStopping",
  "validationShare",
  "teacher",
  "views",
  "temperature",
  "limit",
] as const;

type MayBeNull = (typeof mayBeNull)[number];

type Settled = Omit<RunSettings, MayBeNull> & {
  readonly [Name in MayBeNull]?: NonNullable<RunSettings[Name]>;
};

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (isRecord(value)) return Object.values(value).every(isJson);
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}

const dataOptionsKind = kindOfValue<DataOptions>(
  "an object of JSON values",
  (value) => isRecord(value) && isJson(value),
);

/** Every option that decides a run's result. */
export const runSettings = {
  model: { meaning: "what is trained", kind: runModelKind },
  data: {
    meaning: "the images",
    kind: either(text(/./su, "the name of a data set or folder"), datasetKind),
  },
  dataOptions: {
    meaning: "what else they are found and read by",
    kind: dataOptionsKind,
    otherwise: "nothing",
  },
  epochs: fitOptions.epochs,
  batchSize: fitOptions.batchSize,
  batchSizeAtMost: {
    meaning: "images a step, or all of them where fewer train",
    kind: wholeNumber({ from: 1 }),
    otherwise: "128",
  },
  optimizer: compileOptions.optimizer,
  learningRate: compileOptions.learningRate,
  schedule: compileOptions.schedule,
  labelSmoothing: compileOptions.labelSmoothing,
  clipNorm: compileOptions.clipNorm,
  parameterGroups: compileOptions.parameterGroups,
  weightAverage: compileOptions.weightAverage,
  augmentation: fitOptions.augmentation,
  classWeights: fitOptions.classWeights,
  earlyStopping: fitOptions.earlyStopping,
  validationShare: fitOptions.validationShare,
  teacher: { meaning: "a model whose answers stand beside the labels", kind: teacherKind, otherwise: "none" },
  views: predictOptions.views,
  temperature: {
    meaning: "the temperature of its calibration",
    kind: temperatureKind,
    otherwise: "found on the images that validate",
  },
  seed: { ...modelOptions.seed, default: undefined, otherwise: "the model's, or 1" },
  splitSeed: fitOptions.splitSeed,
  limit: fitOptions.limit,
  portable: compileOptions.portable,
} satisfies OptionTable<Settled>;

/** Every setting that a file of settings can hold: a teacher is a model. */
export const fileSettingNames: readonly string[] = Object.keys(runSettings).filter(
  (name) => name !== "teacher",
);

/** What is said of another name in such a file; undefined of one that is a setting. */
export function strangeSetting(name: string): string | undefined {
  if (fileSettingNames.includes(name)) return undefined;
  const nearest = nearestName(name, fileSettingNames);
  const meant = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  return `is no setting of a run.${meant} They are ${listed(fileSettingNames)}.`;
}

/** Every option of a run that is to begin. */
export const trainRunOptions = { ...runSettings, ...runOptions };

/** Of a run that is to begin: what is trained how, and on what, where that came along. */
export interface GivenRun {
  readonly plan: RunPlan;
  readonly dataset?: Dataset;
  readonly teacher?: ResolvedTeacher;
}

/**
 * Fills in what is left out.
 *
 * @throws UsageError on an unknown option, or a value that is not allowed.
 */
export async function resolveRunSettings(given: object): Promise<GivenRun> {
  const resolved = resolveOptions("trainRun", withoutNulls(given, trainRunOptions), trainRunOptions);
  const { model, data, dataOptions, learningRate, schedule } = resolved;
  if (schedule && learningRate !== undefined) {
    throw new UsageError("trainRun got both a learningRate and a schedule; give the rate to the schedule.");
  }
  await model.check?.();
  if (dataOptions && typeof data !== "string") {
    throw new UsageError(
      "trainRun got dataOptions beside a data set that is loaded already. Give data as a name or a path, or leave them out.",
    );
  }
  const config = keptSchedule(schedule ?? fixedRate(learningRate));
  // What is known before the images is told before them.
  if (resolved.validationShare === 0) refuseUnwatched("trainRun", resolved);
  const dataset = typeof data === "string" ? undefined : checkedDataset("trainRun: data", data);
  const { epochs, batchSize, batchSizeAtMost, optimizer, labelSmoothing, portable } = resolved;
  const {
    clipNorm,
    parameterGroups = [],
    weightAverage,
    classWeights,
    earlyStopping,
    validationShare,
    teacher,
    views,
    temperature,
    augmentation = null,
    seed = model.seed ?? 1,
    splitSeed,
    limit = null,
  } = resolved;
  const training = {
    epochs,
    batchSize,
    batchSizeAtMost,
    optimizer,
    schedule: config,
    labelSmoothing,
    ...(clipNorm !== undefined && { clipNorm }),
    ...(parameterGroups.length > 0 && { parameterGroups }),
    ...(weightAverage && { weightAverage }),
    augmentation,
    ...(classWeights && { classWeights }),
    ...(earlyStopping && { earlyStopping }),
    ...(validationShare !== undefined && { validationShare }),
    ...(views && { views }),
    ...(temperature !== undefined && { temperature }),
    seed,
    splitSeed,
    limit,
    portable,
  };
  const named = dataset
    ? { data: dataset.name, ownData: true }
    : { data: data as string, ownData: false, ...(dataOptions && { dataOptions }) };
  return {
    plan: { model, training, data: named },
    ...(dataset && { dataset }),
    ...(teacher && { teacher }),
  };
}

/** What the run makes its schedule of, now and when it goes on. @throws UsageError on one that no file can keep */
function keptSchedule(schedule: Schedule): ScheduleConfig {
  const config = repeatableConfig(schedule);
  // Made anew, as it will be when the run goes on.
  if (config) return createSchedule(config).config;
  throw new UsageError(
    `trainRun got a schedule of one's own making, which no run can keep: ${JSON.stringify(schedule.config)} has other ` +
      "learning rates by itself. Use one of the library's, or train by model.compile and model.fit.",
  );
}

export function withoutNulls<Given extends object>(given: Given, table: AnyOptionTable): Given {
  const plain = plainOptions(given, table);
  if (plain === given) return given;
  const names: readonly string[] = mayBeNull;
  return Object.fromEntries(
    Object.entries(plain).filter(([name, value]) => value !== null || !names.includes(name)),
  ) as Given;
}

/** The plan of a run that was begun. */
export function planOf(config: RunConfig): RunPlan {
  const { model, layers, inputShape, dropout, body, teacher, arithmeticVersion, ...rest } = config;
  const { data, dataOptions, preparation, ownData, ...training } = rest;
  const named = { data, ownData, ...(dataOptions && { dataOptions }), ...(preparation && { preparation }) };
  return { model: modelOfConfig(config), training, data: named };
}

/** What `config.json` says of a plan, once its images are known. */
export function configOf(
  { model, training, data }: RunPlan,
  known: Required<Pick<RunConfig, "layers" | "inputShape" | "batchSize">> &
    Pick<RunConfig, "preparation" | "body" | "teacher">,
): RunConfig {
  const { layers, inputShape, batchSize, preparation, body, teacher } = known;
  const { batchSizeAtMost: _, ...settings } = training;
  const images = { inputShape, ...data, ...(preparation && { preparation }) };
  const begun = { ...(body && { body }), ...(teacher && { teacher }) };
  return { model: model.name, layers, ...images, ...settings, batchSize, ...begun, arithmeticVersion };
}
