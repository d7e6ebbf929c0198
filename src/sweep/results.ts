import type { Failures, Records, TrialFailure, TrialRecord } from "../study/trial.js";
import type { Configuration } from "./configurations.js";
import { isDone, plannedConfigurations, sweepPlan, trialId } from "./plan.js";
import { scoreOf } from "./score.js";
import type { SweepSpec } from "./sweep-spec.js";

/** What is known of a configuration. */
export interface ConfigurationResult {
  readonly configuration: Configuration;
  /** Its trials, one a seed, as far as they count. */
  readonly records: readonly TrialRecord[];
  /** Why trials of it came to nothing. */
  readonly failures: readonly TrialFailure[];
  /** "set aside" where one of its trials failed or diverged, "open" while one is still to come. */
  readonly state: "done" | "open" | "set aside";
  /** Epochs done, the least of its trials. */
  readonly epochs: number;
  /** More is better; there where it is done. */
  readonly score?: number;
  /** Of training, the mean of its trials. */
  readonly seconds: number;
}

/** What a sweep came to so far. */
export interface SweepResults {
  readonly configurations: readonly ConfigurationResult[];
  /** The one of the highest score among those that went to their end, or furthest; undefined where none is done. */
  readonly best?: ConfigurationResult;
  /** Whether nothing is still to be trained. */
  readonly isOver: boolean;
}

/** Reads what the trials of a sweep came to. */
export function resultsOf(spec: SweepSpec, records: Records, failures: Failures): SweepResults {
  const configurations = plannedConfigurations(spec).map((each) => resultOf(each, spec, records, failures));
  const { trials, undecided } = sweepPlan(spec)(records, failures);
  const isOver =
    undecided.length === 0 &&
    trials.every(({ id, until = Number.POSITIVE_INFINITY }) => isDone(id, until, records, failures));
  return { configurations, best: bestOf(configurations), isOver };
}

function resultOf(
  configuration: Configuration,
  { seeds, optimize }: SweepSpec,
  all: Records,
  failed: Failures,
): ConfigurationResult {
  const trials = seeds.map((seed) => all.get(trialId(configuration, seed)));
  const records = trials.filter((trial) => trial !== undefined);
  const failures: TrialFailure[] = seeds.flatMap((seed) => failed.get(trialId(configuration, seed)) ?? []);
  const diverged = records.flatMap(({ id, factors, outcome, message = "It diverged." }) =>
    outcome === "diverged" ? [{ id, factors, message }] : [],
  );
  const score = scoreOf(trials, optimize);
  const isSetAside = failures.length + diverged.length > 0;
  const epochs = trials.map((trial) => trial?.history.at(-1)?.epoch ?? 0);
  const seconds = records.flatMap(({ history }) => history.map((epoch) => epoch.seconds));
  return {
    configuration,
    records,
    failures: [...failures, ...diverged],
    state: isSetAside ? "set aside" : records.length === seeds.length ? "done" : "open",
    epochs: Math.min(...epochs),
    ...(score !== undefined && !isSetAside && { score }),
    seconds: seconds.reduce((sum, each) => sum + each, 0) / Math.max(1, records.length),
  };
}

/** Of what went to its end, be it early, and what went furthest: others' figures are of fewer epochs. */
function bestOf(configurations: readonly ConfigurationResult[]): ConfigurationResult | undefined {
  const done = configurations.filter(({ score }) => score !== undefined);
  const furthest = Math.max(0, ...done.map(({ epochs }) => epochs));
  const candidates = done.filter(
    ({ epochs, records }) => epochs === furthest || records.every(({ outcome }) => outcome === "finished"),
  );
  return candidates.reduce<ConfigurationResult | undefined>(
    (best, each) => (best?.score !== undefined && best.score >= (each.score ?? 0) ? best : each),
    undefined,
  );
}
