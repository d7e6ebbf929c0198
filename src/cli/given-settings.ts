import { optimizerKind } from "../core/optimizers/index.js";
import { parameterGroupsKind } from "../core/optimizers/parameter-groups.js";
import { checkValue } from "../core/options/index.js";
import { fixedRate } from "../core/schedules/fixed-rate.js";
import { type ScheduleConfig, scheduleDefinitions, scheduleKind } from "../core/schedules/index.js";
import { commonScheduleOptions } from "../core/schedules/schedule.js";
import { fitOptions } from "../core/training/fit.js";
import type { Recipe, RecipeSettings } from "../recipes/index.js";
import { runModelKind } from "../run/run-model.js";
import {
  type OwnSettings,
  type TrainingChoice,
  type TrainingFlags,
  trainingSettings,
} from "./training-settings.js";

/** The flags that say something of a setting, by their names as options. */
const flagsOf: Readonly<Partial<Record<keyof TrainingChoice, readonly string[]>>> = {
  model: ["model", "dropout"],
  data: ["data"],
  dataOptions: ["dataKind", "imageSize", "channels", "resize", "skipUnreadable"],
  epochs: ["epochs"],
  batchSize: ["batchSize"],
  optimizer: ["optimizer", "momentum", "nesterov", "weightDecay", "adamShare"],
  schedule: [
    "schedule",
    ...Object.keys(commonScheduleOptions),
    ...Object.values(scheduleDefinitions).flatMap(({ parameters }) => Object.keys(parameters)),
  ],
  labelSmoothing: ["labelSmoothing"],
  clipNorm: ["clipNorm"],
  parameterGroups: ["freeze"],
  weightAverage: ["weightAverage"],
  augmentation: ["augment"],
  classWeights: ["classWeights"],
  earlyStopping: ["earlyStopping", "earlyStoppingMinDelta", "earlyStoppingMonitor"],
  seed: ["seed"],
  splitSeed: ["splitSeed"],
  limit: ["limit"],
  portable: ["portable"],
};

/**
 * Those of the settings that somebody chose by a flag beside a recipe. Where several flags make one of them, the others
 * are as the recipe has them: only another optimizer, schedule or model than its own is wholly the flags'.
 *
 * @param flags all of them, those left out at their defaults
 * @param given names of the flags on the command line, as options
 * @throws UsageError on an unknown name, or an option that the named thing hasn't
 */
export function givenSettings(
  flags: TrainingFlags,
  { name, settings }: Pick<Recipe, "name" | "settings">,
  given: ReadonlySet<string>,
): RecipeSettings {
  const own = ownSettings(name, settings);
  const choice = trainingSettings(
    {
      ...flags,
      optimizer: given.has("optimizer") ? flags.optimizer : own.optimizer.name,
      schedule: given.has("schedule") ? flags.schedule : own.schedule.name,
    },
    given.has("model") ? { ...own, model: undefined } : own,
  );
  const chosen = Object.entries(choice).filter(([setting]) =>
    flagsOf[setting as keyof TrainingChoice]?.some((flag) => given.has(flag)),
  );
  const { model, ...others } = Object.fromEntries(chosen) as RecipeSettings;
  // A recipe of no model has none whose dropout could be left out.
  return model && (given.has("model") || own.model) ? { ...others, model } : others;
}

/** What flags change a part of, with the defaults of a run. */
function ownSettings(recipe: string, settings: RecipeSettings): OwnSettings {
  const { model, optimizer = "adam", schedule, learningRate, parameterGroups, earlyStopping } = settings;
  const owner = `The recipe ${recipe}`;
  const { config } = checkValue(owner, "schedule", schedule ?? fixedRate(learningRate), scheduleKind);
  return {
    ...(model && { model: checkValue(owner, "model", model, runModelKind) }),
    optimizer: checkValue(owner, "optimizer", optimizer, optimizerKind),
    // A recipe is a file, and names one of the library's.
    schedule: config as ScheduleConfig,
    ...(parameterGroups && {
      parameterGroups: checkValue(owner, "parameterGroups", parameterGroups, parameterGroupsKind),
    }),
    ...(earlyStopping && {
      earlyStopping: checkValue(owner, "earlyStopping", earlyStopping, fitOptions.earlyStopping.kind),
    }),
  };
}
