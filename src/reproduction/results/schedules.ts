import type { ScheduleName } from "../../core/schedules/index.js";
import { bestRate, type RateResult } from "../plan/schedule-trials.js";
import type { TrialRecord } from "../plan/trial.js";
import { parseTrialId } from "../plan/trial-id.js";
import { type ReproductionResults, type ScheduleGroup, scheduleGroups, type TrialGroup } from "./results.js";

/** How people call the schedules compared. */
const scheduleTitles: Partial<Record<ScheduleName, string>> = {
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
export interface RateTried extends RateResult {
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

/** The rates that a seed is run at, or is to be. */
const ratesOf = ({ rates }: ScheduleGroup, seed: number | undefined): ScheduleGroup["rates"] =>
  rates.filter(({ group }) => group.ids.some((id) => seedOf(id) === seed));

/**
 * The seed by which the rates are compared. Others are run at the chosen one alone, so it is the first that has several
 * and is run at them all, or else is planned at several.
 */
function searchingSeed(found: ScheduleGroup): number | undefined {
  const seeds = [...new Set(found.rates.flatMap(({ group }) => group.ids.map(seedOf)))];
  const searching = seeds.filter((seed) => ratesOf(found, seed).length > 1);
  const isRun = (seed: number | undefined): boolean =>
    ratesOf(found, seed).every(({ group }) => group.kept.some(({ id }) => seedOf(id) === seed));
  return searching.find(isRun) ?? searching[0];
}

function outcomeOf(found: ScheduleGroup): ScheduleOutcome {
  const seed = searchingSeed(found);
  const tried = ratesOf(found, seed).map(({ learningRate, group }) => ({
    learningRate,
    record: group.kept.find(({ id }) => seedOf(id) === seed),
  }));
  const chosen = bestRate(tried) ?? null;
  const group = found.rates.find(({ learningRate }) => learningRate === chosen)?.group;
  return { schedule: found.schedule, tried, chosen, group: group ?? { ids: [], kept: [], epochs: [] } };
}

/** Every schedule that is compared, as far as it is run. */
export const scheduleOutcomes = (results: ReproductionResults): ScheduleOutcome[] =>
  scheduleGroups(results).map(outcomeOf);
