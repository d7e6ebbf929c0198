import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import { checkValue } from "../options/index.js";
import * as schedules from "./index.js";

const schedule = ({ config, learningRate }: schedules.Schedule<schedules.ScheduleConfig>) => {
  const { name, ...options } = config;
  const rates = [0, 5, 9].map((step) => learningRate({ step, stepsPerEpoch: 2, epochs: 5 }));
  return (
    schedules.scheduleNames.includes(name) &&
    [...Object.values(options), ...rates].every((value) => value >= 0 && value < Infinity)
  );
};

describe("schedules", () => {
  itRefusesWrongArguments({
    createSchedule: fuzzed({
      call: schedules.createSchedule,
      args: [
        { name: "one-cycle", learningRate: 0.1, maxLearningRate: 1, warmup: 1, peakAt: 0.5, endDivisor: 10 },
      ],
      holds: schedule,
    }),
    "createSchedule by name": fuzzed({ call: schedules.createSchedule, args: ["cosine"], holds: schedule }),
    stepDecay: fuzzed({ call: schedules.stepDecay, args: [{ decay: 0.5, decayEpochs: 3 }], holds: schedule }),
    inverseTimeDecay: fuzzed({ call: schedules.inverseTimeDecay, args: [{ decay: 0.5 }], holds: schedule }),
    exponentialDecay: fuzzed({
      call: schedules.exponentialDecay,
      args: [{ decay: 0.5, decaySteps: 7 }],
      holds: schedule,
    }),
    dynamicDecay: fuzzed({ call: schedules.dynamicDecay, args: [{ decay: 5, rho: 0.1 }], holds: schedule }),
    reduceOnPlateau: fuzzed({
      call: schedules.reduceOnPlateau,
      args: [{ factor: 0.5, patience: 3, minDelta: 0.1 }],
      holds: schedule,
    }),
    "a schedule as an option": fuzzed({
      call: (given: unknown) => checkValue("compile", "schedule", given, schedules.scheduleKind),
      args: [schedules.constant({ learningRate: 0.1 })],
      // One made by hand may be anything that has a rate and a configuration for files.
      holds: ({ config, learningRate }) =>
        typeof learningRate === "function" && JSON.stringify(config).length > 9,
      takes: /^argument 0\.(config|learningRate)/,
    }),
  });
});
