import { scheduleDefinitions } from "../core/schedules/index.js";
import { commonScheduleOptions } from "../core/schedules/schedule.js";
import type { RecipeSettings } from "../recipes/index.js";
import type { TrainingChoice } from "./training-settings.js";

/** The flags that say something of a setting, by their names as options: who gives one of them chooses all of it. */
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
 * Those of the settings that somebody chose by a flag.
 *
 * @param choice what all flags come to, those left out at their defaults
 * @param given names of the flags on the command line, as options
 */
export function givenSettings(choice: TrainingChoice, given: ReadonlySet<string>): RecipeSettings {
  const chosen = Object.entries(choice).filter(([name]) =>
    flagsOf[name as keyof TrainingChoice]?.some((flag) => given.has(flag)),
  );
  return Object.fromEntries(chosen);
}
