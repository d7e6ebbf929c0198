import { parseAugmentation } from "../core/data/augmentation.js";
import { fashionMnist, fashionMnistClassNames } from "../core/data/fashion-mnist.js";
import { checkLimit } from "../core/data/split.js";
import { UsageError } from "../core/errors.js";
import { modelDefinitions, modelNames, withoutDropout } from "../core/models/index.js";
import {
  createOptimizer,
  type OptimizerConfig,
  optimizerNames,
  optimizerOptions,
} from "../core/optimizers/index.js";
import { parameterGroupsKind } from "../core/optimizers/parameter-groups.js";
import { checkValue, resolveOptions } from "../core/options/index.js";
import { monitoredFigures } from "../core/schedules/improvement.js";
import type { ScheduleConfig } from "../core/schedules/index.js";
import { compileOptions } from "../core/training/compile.js";
import { type EarlyStopping, earlyStoppingOptions } from "../core/training/early-stopping.js";
import { type ClassWeights, classWeightsKind } from "../core/training/image-weights.js";
import { weightAverageOptions } from "../core/training/weight-average.js";
import type { DataOptions } from "../run/host.js";
import type { TrainingSettings } from "../run/run-config.js";
import type { RunModel } from "../run/run-model.js";
import { chooseName, finiteNumber } from "./arguments.js";
import { type DataFlags, dataOptionsFrom } from "./data-flags.js";
import { meantOption } from "./meant-option.js";
import { notTaken } from "./named-options.js";
import { type ScheduleFlags, scheduleFrom } from "./schedule-flags.js";
import { stated } from "./stated.js";

/** What `heddle train` is told, but for where to run and keep it. */
export type TrainingFlags = ScheduleFlags &
  DataFlags & {
    readonly model: string;
    /** Default: as the model has it. */
    readonly dropout?: boolean;
    readonly epochs: number;
    readonly batchSize?: number;
    readonly optimizer: string;
    readonly momentum?: number;
    readonly nesterov?: boolean;
    readonly weightDecay?: number;
    readonly adamShare?: number;
    readonly labelSmoothing: number;
    readonly clipNorm?: number;
    readonly freeze?: string;
    readonly weightAverage?: number;
    readonly augment?: string;
    readonly classWeights?: string;
    readonly earlyStopping?: number;
    readonly earlyStoppingMinDelta?: number;
    readonly earlyStoppingMonitor?: string;
    readonly seed: number;
    readonly splitSeed: number;
    readonly limit?: number;
    readonly portable?: boolean;
  };

/** What a command trains, how, and on what. */
export interface TrainingChoice extends Omit<TrainingSettings, "batchSize"> {
  readonly model: RunModel;
  readonly batchSize?: number;
  readonly data: string;
  readonly dataOptions?: DataOptions;
}

/** What a recipe says of settings that several flags make: what none of them says is as it has it. */
export interface OwnSettings {
  /** In the place of the one that the flags name. */
  readonly model?: RunModel;
  /** Counts where the flags name the same one. */
  readonly optimizer: OptimizerConfig;
  /** Counts where the flags name the same one. */
  readonly schedule: ScheduleConfig;
  /** Stand behind those that the flags freeze. */
  readonly parameterGroups?: TrainingSettings["parameterGroups"];
  readonly earlyStopping?: EarlyStopping;
}

/**
 * @param own what isn't said in part (default: as each option has it)
 * @throws UsageError on an unknown name, or an option that the named thing hasn't.
 */
export function trainingSettings(flags: TrainingFlags, own?: OwnSettings): TrainingChoice {
  const { labelSmoothing } = flags;
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new UsageError(
      `--label-smoothing got ${labelSmoothing}: expected a number of at least 0 and below 1.`,
    );
  }
  const model =
    own?.model ??
    modelDefinitions[chooseName("model", flags.model, modelNames, meantOption(flags.model, ["--data"]))];
  // A recipe may have other images, or none of them validate.
  if (!own && flags.limit !== undefined && flags.data === fashionMnist)
    checkLimit(flags.limit, fashionMnistClassNames.length);
  const dataOptions = dataOptionsFrom(flags);
  return {
    model: modelFrom(flags, model),
    data: flags.data,
    ...(dataOptions && { dataOptions }),
    epochs: flags.epochs,
    batchSize: flags.batchSize,
    optimizer: optimizerFrom(flags, own?.optimizer),
    schedule: scheduleFrom(flags, own?.schedule),
    labelSmoothing,
    ...(flags.clipNorm !== undefined && {
      clipNorm: checkValue("heddle train", "--clip-norm", flags.clipNorm, compileOptions.clipNorm.kind),
    }),
    ...frozenFrom(flags.freeze, own?.parameterGroups),
    ...(flags.weightAverage !== undefined && {
      weightAverage: resolveOptions("--weight-average", { decay: flags.weightAverage }, weightAverageOptions),
    }),
    augmentation: augmentationFrom(flags.augment),
    ...classWeightsFrom(flags.classWeights),
    ...earlyStoppingFrom(flags, own?.earlyStopping),
    seed: flags.seed,
    splitSeed: flags.splitSeed,
    limit: flags.limit ?? null,
    portable: flags.portable ?? false,
  };
}

function modelFrom({ dropout = true }: TrainingFlags, { name, graph }: RunModel): RunModel {
  if (dropout) return { name, graph };
  const { nodes } = graph([28, 28, 1], fashionMnistClassNames.length);
  if (nodes.some(({ layer }) => layer.type === "dropout")) return withoutDropout({ name, graph });
  throw new UsageError(`--no-dropout: ${name} has no dropout layers. Leave the option out.`);
}

function optimizerFrom(flags: TrainingFlags, own?: OptimizerConfig): OptimizerConfig {
  const name = chooseName("optimizer", flags.optimizer, optimizerNames);
  const { momentum, nesterov, weightDecay, adamShare } = flags;
  const given = stated({ momentum, nesterov, weightDecay, adamShare });
  const takes = ["momentum", "nesterov", "weightDecay", "adamShare"].filter((option) =>
    Object.hasOwn(optimizerOptions[name], option),
  );
  for (const option of Object.keys(given)) {
    if (!takes.includes(option)) throw notTaken(`The optimizer ${name}`, option, takes);
  }
  const { name: ownName, ...options } = own ?? { name };
  return createOptimizer(name, { ...(ownName === name && options), ...given });
}

function augmentationFrom(text: string | undefined): TrainingSettings["augmentation"] {
  if (text === undefined || text.trim() === "none") return null;
  return parseAugmentation(text);
}

/** Nothing where it isn't asked for. */
function frozenFrom(
  text: string | undefined,
  own: TrainingSettings["parameterGroups"] = [],
): Pick<TrainingSettings, "parameterGroups"> {
  if (text === undefined) return {};
  const groups = text.split(",").map((match) => ({ match: match.trim(), frozen: true }));
  const frozen = checkValue("heddle train", "--freeze", groups, parameterGroupsKind);
  return { parameterGroups: [...frozen, ...own] };
}

/** Nothing where it isn't asked for. */
function earlyStoppingFrom(
  flags: TrainingFlags,
  own?: EarlyStopping,
): { readonly earlyStopping?: EarlyStopping } {
  const { earlyStopping: patience, earlyStoppingMinDelta: minDelta, earlyStoppingMonitor } = flags;
  if (patience === undefined && !own) {
    if (minDelta === undefined && earlyStoppingMonitor === undefined) return {};
    const option = minDelta === undefined ? "--early-stopping-monitor" : "--early-stopping-min-delta";
    throw new UsageError(
      `${option} needs --early-stopping: say after how many epochs without an improvement to stop, --early-stopping 5.`,
    );
  }
  const monitor =
    earlyStoppingMonitor === undefined
      ? undefined
      : chooseName("figure to monitor", earlyStoppingMonitor, monitoredFigures);
  const given = { ...own, ...stated({ patience, minDelta, monitor }) };
  return { earlyStopping: resolveOptions("--early-stopping", given, earlyStoppingOptions) };
}

/** Nothing where it isn't asked for. */
function classWeightsFrom(text: string | undefined): { readonly classWeights?: ClassWeights } {
  if (text === undefined) return {};
  const read = finiteNumber("--class-weights");
  const weights = text.trim() === "balanced" ? "balanced" : text.split(",").map((part) => read(part.trim()));
  return { classWeights: checkValue("heddle train", "--class-weights", weights, classWeightsKind) };
}
