import type { ScheduleName } from "../core/schedules/index.js";
import { judgedEpoch } from "./measures.js";
import { type ReproductionResults, type ScheduleGroup, scheduleGroups, type TrialGroup } from "./results.js";
import type { TrialRecord } from "./trial.js";
import { parseTrialId } from "./trial-id.js";

/** How people call the schedules compared. */
export const scheduleTitles: Partial<Record<ScheduleName, string>> = {
  constant: "constant",
  step: "step",
  "inverse-time": "inverse time (Eq. 6)",
  "natural-exponential": "exponential (Eq. 7)",
  dynamic: "Algorithm 1",
  cosine: "cosine",
  "one-cycle": "one-cycle",
};

export const scheduleTitle = (name: ScheduleName): string => scheduleTitles[name] ?? name;

/** The rates tried with one schedule, by one seed. */
export interface RateTried {
  readonly learningRate: number;
  /** Undefined where it isn't run yet. */
  readonly record: TrialRecord | undefined;
}

/** A schedule at the best of its start rates. */
export interface ScheduleOutcome {
  readonly schedule: ScheduleName;
  readonly tried: readonly RateTried[];
  /** Null until every rate is tried. */
  readonly chosen: number | null;
  /** The chosen rate's trials; none until it is chosen. */
  readonly group: TrialGroup;
}

const seedOf = (id: string): number | undefined => parseTrialId(id)?.seed;

/** The seed by which all rates are tried: the first that every one of them has. */
function seedOfTrial({ rates }: ScheduleGroup): number | undefined {
  const [first, ...others] = rates.map(({ group }) => group.ids.map(seedOf));
  return first.find((seed) => others.every((seeds) => seeds.includes(seed)));
}

function outcomeOf(found: ScheduleGroup): ScheduleOutcome {
  const seed = seedOfTrial(found);
  const tried = found.rates.map(({ learningRate, group }) => ({
    learningRate,
    record: group.kept.find(({ id }) => seedOf(id) === seed),
  }));
  const chosen = tried.every(({ record }) => record) ? bestOf(tried) : undefined;
  const group = found.rates.find(({ learningRate }) => learningRate === chosen?.learningRate)?.group;
  return {
    schedule: found.schedule,
    tried,
    chosen: chosen?.learningRate ?? null,
    group: group ?? { ids: [], kept: [], epochs: [] },
  };
}

/** The rate of the best validation accuracy; of equal ones that of the lower validation loss, then the lower rate. */
function bestOf(tried: readonly RateTried[]): RateTried {
  const judged = tried.map((each) => ({ each, epoch: each.record && judgedEpoch(each.record) }));
  return judged.reduce((best, other) => {
    if (!other.epoch) return best;
    if (!best.epoch) return other;
    const ahead =
      other.epoch.validationAccuracy - best.epoch.validationAccuracy ||
      best.epoch.validationLoss - other.epoch.validationLoss;
    return ahead > 0 ? other : best;
  }).each;
}

/** Every schedule that is compared, as far as it is run. */
export const scheduleOutcomes = (results: ReproductionResults): ScheduleOutcome[] =>
  scheduleGroups(results).map(outcomeOf);
