import { UsageError } from "../errors.js";
import { constantDefinition } from "./constant.js";
import { cosineDefinition } from "./cosine.js";
import { dynamicDefinition } from "./dynamic.js";
import { exponentialDefinition, naturalExponentialDefinition } from "./exponential.js";
import { inverseTimeDefinition } from "./inverse-time.js";
import { oneCycleDefinition } from "./one-cycle.js";
import {
  type CommonScheduleOptions,
  notNegative,
  positive,
  type Schedule,
  type ScheduleDefinition,
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
} as const;

type Definitions = typeof scheduleDefinitions;

export type ScheduleName = keyof Definitions;

export const scheduleNames = Object.keys(scheduleDefinitions) as readonly ScheduleName[];

/** The options of one kind: the common ones and its own, which `scheduleDefinitions` explains. */
export type ScheduleOptions<Name extends ScheduleName> = CommonScheduleOptions & {
  readonly [parameter in keyof Definitions[Name]["parameters"]]?: number;
};

/** A schedule as plain JSON. What is left out has its default. */
export type ScheduleConfig = {
  [Name in ScheduleName]: { readonly name: Name } & ScheduleOptions<Name>;
}[ScheduleName];

const commonDefaults = { learningRate: 0.001, minLearningRate: 1e-8, warmup: 0 };

const commonRules = {
  learningRate: positive,
  minLearningRate: notNegative,
  maxLearningRate: positive,
  warmup: { expected: "a number of epochs, at least 0", allows: notNegative.allows },
};

type Values = Record<string, number | undefined>;

/** Takes the parameters out of a configuration, defaults filled in. */
function checkedValues(definition: ScheduleDefinition, config: Readonly<Record<string, unknown>>): Values {
  const rules = { ...commonRules, ...definition.parameters };
  const values: Values = { ...commonDefaults };
  for (const [name, { default: standard }] of Object.entries(definition.parameters)) {
    if (standard !== undefined) values[name] = standard;
  }
  for (const [name, value] of Object.entries(config)) {
    if (name === "name" || value === undefined) continue;
    if (!Object.hasOwn(rules, name)) {
      const own = Object.keys(definition.parameters);
      throw new UsageError(
        `The ${definition.name} schedule has no ${name}: beside ${Object.keys(commonRules).join(", ")} ` +
          (own.length > 0 ? `it takes ${own.join(", ")}.` : "it takes nothing."),
      );
    }
    const { expected, allows } = rules[name as keyof typeof rules];
    if (typeof value !== "number" || !allows(value)) {
      throw new UsageError(`The ${definition.name} schedule got ${name} ${value}: expected ${expected}.`);
    }
    values[name] = value;
  }
  return values;
}

function checkRange(name: string, learningRate: number, least: number, greatest: number): void {
  if (least > greatest) {
    throw new UsageError(
      `The ${name} schedule got minLearningRate ${least} above maxLearningRate ${greatest}: swap them.`,
    );
  }
  if (learningRate < least || learningRate > greatest) {
    throw new UsageError(
      `The ${name} schedule got learningRate ${learningRate} outside its range of ${least} to ${greatest}: ` +
        "expected one inside. Move the learning rate, minLearningRate or maxLearningRate.",
    );
  }
}

/**
 * Makes a schedule. The rate at a step is its curve, scaled during the warm-up, then kept within
 * [minLearningRate, maxLearningRate].
 *
 * @throws UsageError on an unknown name, a parameter that is not this schedule's, or a number out of range
 */
export function createSchedule(config: ScheduleConfig): Schedule {
  if (!Object.hasOwn(scheduleDefinitions, config.name)) {
    throw new UsageError(
      `There is no schedule "${config.name}": expected one of ${scheduleNames.join(", ")}.`,
    );
  }
  const definition: ScheduleDefinition = scheduleDefinitions[config.name];
  const values = checkedValues(definition, { ...config }) as Values & typeof commonDefaults;
  const { learningRate, minLearningRate: least, warmup, maxLearningRate: greatest = Infinity } = values;
  checkRange(config.name, learningRate, least, greatest);
  return {
    config: { name: config.name, ...values } as ScheduleConfig,
    learningRate(position) {
      const warmupSteps = warmup * position.stepsPerEpoch;
      const scale = position.step + 1 < warmupSteps ? (position.step + 1) / warmupSteps : 1;
      return Math.min(Math.max(scale * definition.curve(values, position), least), greatest);
    },
  };
}
