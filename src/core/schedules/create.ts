import { UsageError } from "../errors.js";
import {
  type AnyOptionTable,
  checkValue,
  choice,
  convertedBy,
  type OptionKind,
  optionValues,
  type ResolvedOptions,
  received,
  resolveOptions,
} from "../options/index.js";
import { constantDefinition } from "./constant.js";
import { cosineDefinition } from "./cosine.js";
import { dynamicDefinition } from "./dynamic.js";
import { exponentialDefinition, naturalExponentialDefinition } from "./exponential.js";
import { inverseTimeDefinition } from "./inverse-time.js";
import { oneCycleDefinition } from "./one-cycle.js";
import { reduceOnPlateauDefinition } from "./reduce-on-plateau.js";
import {
  type CommonScheduleOptions,
  commonScheduleOptions,
  type ScheduleDefinition,
  type SchedulePosition,
} from "./schedule.js";
import { stepDefinition } from "./step.js";

/** Every kind of schedule, by the name that configurations and the command line use. */
export const scheduleDefinitions = {
  constant: constantDefinition,
  step: stepDefinition,
  "inverse-time": inverseTimeDefinition,
  exponential: exponentialDefinition,
  "natural-exponential": naturalExponentialDefinition,
  dynamic: dynamicDefinition,
  cosine: cosineDefinition,
  "one-cycle": oneCycleDefinition,
  "reduce-on-plateau": reduceOnPlateauDefinition,
} as const;

type Definitions = typeof scheduleDefinitions;

/** One of the schedules. */
export type ScheduleName = keyof Definitions;

/** Every schedule, by the name that configurations and the command line use. */
export const scheduleNames = Object.keys(scheduleDefinitions) as readonly ScheduleName[];

/** The options of one kind: the common ones and its own, which `scheduleDefinitions` explains. */
export type ScheduleOptions<Name extends ScheduleName> = CommonScheduleOptions & {
  readonly [parameter in keyof Definitions[Name]["parameters"]]?: number | undefined;
};

/** A schedule as plain JSON. What is left out has its default. */
export type ScheduleConfig = {
  [Name in ScheduleName]: { readonly name: Name } & ScheduleOptions<Name>;
}[ScheduleName];

/** What a schedule of one's own says of itself: a name of its own, and whatever else decides its rates, as JSON. */
export interface OwnScheduleConfig {
  readonly name: string;
  readonly [parameter: string]: unknown;
}

/**
 * A learning rate for each step of a run: a pure function of where the run stands. One of one's own is any object that
 * has what this has.
 *
 * @example
 * const falling: Schedule = { config: { name: "falling" }, learningRate: ({ step }) => 0.1 / (step + 1) };
 */
export interface Schedule<Config = ScheduleConfig | OwnScheduleConfig> {
  /**
   * Of the library's own, defaults filled in, but for those that follow from the length of the run. Checkpoints keep it:
   * schedules of one config have to be the same.
   */
  readonly config: Config;
  /**
   * Whether positions have to say what the epochs done came to on the images that validate. Checkpoints keep that
   * then, and a fit on which nothing validates is refused.
   */
  readonly followsValidation?: true;
  /** α at a step. */
  learningRate(position: SchedulePosition): number;
}

const nameKind = choice(scheduleNames);
const expected = `a schedule such as constant({ learningRate: 0.001 }), or ${nameKind.expected}, or an object with such a name, or one of your own as { config: { name: "mine" }, learningRate }`;

/** Every option of a kind of schedule, in the order that configurations have them. */
export function scheduleOptions(name: ScheduleName): AnyOptionTable {
  const { maxLearningRate, ...common } = commonScheduleOptions;
  return { ...common, ...scheduleDefinitions[name].parameters, maxLearningRate };
}

function checkRange(owner: string, learningRate: number, least: number, greatest: number): void {
  if (least > greatest) {
    throw new UsageError(
      `${owner}: minLearningRate ${least} is above maxLearningRate ${greatest}. Swap them.`,
    );
  }
  if (learningRate < least || learningRate > greatest) {
    throw new UsageError(
      `${owner}: learningRate ${learningRate} is outside its range of ${least} to ${greatest}. ` +
        "Move the learning rate, minLearningRate or maxLearningRate.",
    );
  }
}

/**
 * Makes a schedule. The rate at a step is its curve, scaled during the warm-up, then kept within
 * [minLearningRate, maxLearningRate].
 *
 * @throws UsageError on an unknown name, a parameter that is not this schedule's, or a number out of range
 */
export function createSchedule(schedule: ScheduleName | ScheduleConfig): Schedule<ScheduleConfig> {
  if (typeof schedule === "string") {
    return scheduleOf(checkValue("schedule", "name", schedule, nameKind), {});
  }
  const given = optionValues(schedule);
  if (given === undefined) {
    throw new UsageError(`schedule must be ${expected}, but is ${received(schedule)}.`);
  }
  const { name, ...options } = Object.fromEntries(given);
  return scheduleOf(checkValue("schedule", "name", name, nameKind), options);
}

/** What each of the library's schedules was made of, by its rates: its `config` may be changed from outside. */
const configs = new WeakMap<Schedule["learningRate"], ScheduleConfig>();

/** The config whose rates these are, where the library made them. */
export function configOfRates(learningRate: Schedule["learningRate"]): ScheduleConfig | undefined {
  return configs.get(learningRate);
}

/** A schedule of one kind. @throws UsageError as `createSchedule` does, and where there are no options */
export function scheduleOf(name: ScheduleName, options: unknown): Schedule<ScheduleConfig> {
  const owner = `The ${name} schedule`;
  const resolved = resolveOptions(owner, options, scheduleOptions(name));
  const values = resolved as ResolvedOptions<typeof commonScheduleOptions>;
  const { learningRate, minLearningRate: least, warmup, maxLearningRate: greatest = Infinity } = values;
  checkRange(owner, learningRate, least, greatest);
  const { curve, followsValidation }: ScheduleDefinition = scheduleDefinitions[name];
  const schedule: Schedule<ScheduleConfig> = {
    config: { name, ...values } as ScheduleConfig,
    ...(followsValidation && { followsValidation }),
    learningRate(position) {
      const warmupSteps = warmup * position.stepsPerEpoch;
      const scale = position.step + 1 < warmupSteps ? (position.step + 1) / warmupSteps : 1;
      return Math.min(Math.max(scale * curve(values, position), least), greatest);
    },
  };
  configs.set(schedule.learningRate, { ...schedule.config });
  return schedule;
}

/**
 * A schedule as an option of something else: made by a factory or by hand, or what `createSchedule` takes. What
 * one made by hand returns is for its user to check, step by step.
 */
export const scheduleKind: OptionKind<Schedule, Schedule | ScheduleName | ScheduleConfig> = convertedBy(
  expected,
  (given) => (isSchedule(given) ? given : createSchedule(given)),
);

function isSchedule(given: unknown): given is Schedule {
  if (typeof given !== "object" || given === null) return false;
  const { learningRate, config } = given as Partial<Schedule>;
  if (typeof learningRate !== "function" || !isJson(config, 8)) return false;
  return (
    config !== null &&
    typeof config === "object" &&
    Object.hasOwn(config, "name") &&
    typeof config.name === "string"
  );
}

/** Whether a file can hold it: a checkpoint keeps the configuration of its schedule. */
function isJson(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) {
    return value === null || typeof value === "string" || typeof value === "boolean";
  }
  return depth > 0 && Object.values(value).every((each) => isJson(each, depth - 1));
}
