import { createSchedule, type ScheduleConfig, type ScheduleName } from "../../core/schedules/index.js";
import { isBetter } from "../../core/training/loop.js";
import { bestOf } from "../../run/best-of.js";
import type { StudyPlan, UndecidedTrials } from "../../study/study.js";
import type { Protocol } from "./protocol.js";
import type { TrialPlan, TrialRecord } from "./trial.js";
import type { PlanOptions, TrialEntry } from "./trial-entry.js";

/** The paper's epochs are 50; schedules are compared over 15. */
const shareOfEpochs = 0.3;

/** Start rates that each schedule is tried at first are the protocol's own and one so many times lower and higher. */
const startRateRatio = 3;
/** The most that one schedule is tried at. */
const mostStartRates = 6;

/**
 * The schedules compared, for a run's length in epochs. None warms up. Each that falls is set so that it ends at about
 * a tenth of its start, where Algorithm 1 as reconstructed ends (0.1 + 0.9 · e⁻⁵ = 0.106):
 * - step: every d = ⌈epochs / 4⌉ epochs, so ⌈epochs / d⌉ − 1 times, by the root of 1 / 10 that makes it a tenth at last;
 * - inverse-time, Equation 6: 1 / (1 + decay · epochs) = 1 / 10 gives decay = 9 / epochs;
 * - natural exponential, Equation 7: e^(−decay) = 1 / 10 over all steps gives decay = ln 10.
 * Cosine and one-cycle fall to nothing, which is what they are.
 */
export const comparedSchedules = {
  constant: (learningRate) => ({ name: "constant", learningRate }),
  step: (learningRate, epochs) => {
    const decayEpochs = Math.ceil(epochs / 4);
    const falls = Math.ceil(epochs / decayEpochs) - 1;
    return { name: "step", learningRate, decayEpochs, decay: 0.1 ** (1 / Math.max(1, falls)) };
  },
  "inverse-time": (learningRate, epochs) => ({ name: "inverse-time", learningRate, decay: 9 / epochs }),
  "natural-exponential": (learningRate) => ({
    name: "natural-exponential",
    learningRate,
    decay: Math.LN10,
  }),
  dynamic: (learningRate) => ({ name: "dynamic", learningRate }),
  cosine: (learningRate) => ({ name: "cosine", learningRate }),
  "one-cycle": (learningRate) => ({ name: "one-cycle", learningRate }),
} as const satisfies Partial<Record<ScheduleName, (learningRate: number, epochs: number) => ScheduleConfig>>;

export type ComparedSchedule = keyof typeof comparedSchedules;

const names = Object.keys(comparedSchedules) as readonly ComparedSchedule[];

export function scheduleEpochs(epochs: number): number {
  return Math.max(1, Math.round(shareOfEpochs * epochs));
}

/** What the plan has to know of a trial that is done. */
export type TrialResults = ReadonlyMap<string, Pick<TrialRecord, "history">>;

/**
 * Every schedule at every start rate with the first seed; where the best lies at an edge, the next one out as well, so
 * that none is compared at a rate that is only the least bad; then, at the rate of the best validation accuracy, with
 * the others.
 */
export function scheduleTrials(
  make: (entry: TrialEntry) => TrialPlan,
  { protocol, seeds, ...whole }: Pick<PlanOptions, "seeds" | "epochs"> & { readonly protocol: Protocol },
  results: TrialResults,
): StudyPlan<TrialPlan> {
  const [first, ...others] = seeds;
  const epochs = scheduleEpochs(whole.epochs);
  const own = createSchedule(protocol.settings.schedule).config.learningRate!;
  const trial = (name: ComparedSchedule, learningRate: number, seed: number): TrialPlan => {
    const schedule = createSchedule(comparedSchedules[name](learningRate, epochs)).config;
    return make({
      name: `${protocol.name}-schedule-${name}-${learningRate}`,
      experiments: ["schedules"],
      experiment: "schedule",
      seed,
      epochs,
      trained: { ...protocol.settings, schedule },
    });
  };
  const searches = names.map((schedule) => ({
    schedule,
    ...startRates(own, (rate) => results.get(trial(schedule, rate, first).id)),
  }));
  const trials = searches.flatMap(({ schedule, rates }) => rates.map((rate) => trial(schedule, rate, first)));
  const undecided: UndecidedTrials<TrialPlan>[] = [];
  for (const { schedule, best } of searches) {
    if (best !== undefined) trials.push(...others.map((seed) => trial(schedule, best, seed)));
    else if (others.length > 0) undecided.push({ count: others.length, like: trial(schedule, own, first) });
  }
  return { trials, undecided };
}

const oneDigit = (rate: number): number => Number(rate.toPrecision(1));

/**
 * The start rates of one schedule, rising, as far as those that are run decide them, and the best; that is undefined
 * while one is still to run.
 */
function startRates(
  own: number,
  recordAt: (rate: number) => RateResult["record"],
): { readonly rates: readonly number[]; readonly best: number | undefined } {
  let rates = [own / startRateRatio, own, startRateRatio * own].map(oneDigit);
  for (;;) {
    const best = bestRate(rates.map((learningRate) => ({ learningRate, record: recordAt(learningRate) })));
    if (best === undefined || rates.length === mostStartRates) return { rates, best };
    if (best === rates[0]) rates = [oneDigit(best / startRateRatio), ...rates];
    else if (best === rates[rates.length - 1]) rates = [...rates, oneDigit(startRateRatio * best)];
    else return { rates, best };
  }
}

/** A start rate and what it came to, as far as it is run. */
export interface RateResult {
  readonly learningRate: number;
  readonly record: Pick<TrialRecord, "history"> | undefined;
}

/**
 * The rate whose best epoch is the best, of equal ones the first; undefined until all are run. One that diverged at
 * once comes last.
 */
export function bestRate(tried: readonly RateResult[]): number | undefined {
  const epochs = tried.flatMap(({ learningRate, record }) =>
    record ? [{ learningRate, epoch: bestOf(record.history) }] : [],
  );
  if (epochs.length < tried.length) return undefined;
  return epochs.reduce((best, each) =>
    each.epoch && (!best.epoch || isBetter(each.epoch, best.epoch)) ? each : best,
  ).learningRate;
}
