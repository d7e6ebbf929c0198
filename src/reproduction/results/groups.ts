import { modelDefinitions } from "../../core/models/index.js";
import { type ScheduleName, scheduleNames } from "../../core/schedules/index.js";
import { listed } from "../../core/words.js";
import { groupBy, withFacts } from "../../study/study.js";
import { paperProtocol, paperTable4, type TrainedModel } from "../paper/paper.js";
import { bestRate } from "../plan/schedule-trials.js";
import type { TrialFacts, TrialRecord } from "../plan/trial.js";
import type { ReproductionResults } from "./results.js";

/** Trials that differ in their seed alone. */
export interface TrialGroup {
  /** What they are of: "Proposed CNN". */
  readonly title: string;
  /** Names of those planned or kept, by seed. */
  readonly ids: readonly string[];
  /** Those kept, by seed. */
  readonly kept: readonly TrialRecord[];
}

/** A trial that is planned or kept. */
type Known = Pick<TrialRecord, "id" | "factors">;

const knownTrials = ({ planned, records }: ReproductionResults): Known[] => [
  ...new Map([...planned, ...records].map(({ id, factors }) => [id, { id, factors }])).values(),
];

const recordOf = ({ records }: ReproductionResults, { id }: Pick<Known, "id">): TrialRecord | undefined =>
  records.find((record) => record.id === id);

/** The trials of which these facts hold, by seed. */
function groupOf(results: ReproductionResults, title: string, facts: Partial<TrialFacts>): TrialGroup {
  const found = withFacts(knownTrials(results), facts).sort((a, b) => a.factors.seed - b.factors.seed);
  return {
    title,
    ids: found.map(({ id }) => id),
    kept: found.flatMap((trial) => recordOf(results, trial) ?? []),
  };
}

/** A model's trials by the protocol. */
export const modelGroup = (
  results: ReproductionResults,
  model: TrainedModel,
  batchSize: number = paperProtocol.batchSize,
): TrialGroup => groupOf(results, modelDefinitions[model].title, { experiment: "model", model, batchSize });

/** Table 2's trials of some models. */
export const modelGroups = (results: ReproductionResults, models: readonly TrainedModel[]): TrialGroup[] =>
  models.map((model) => modelGroup(results, model));

/** Table 4's trials, by batch size. */
export const batchGroups = (results: ReproductionResults): TrialGroup[] =>
  paperTable4.map(({ batchSize }) => ({
    ...modelGroup(results, "proposed", batchSize),
    title: `batch ${batchSize}`,
  }));

/** The Proposed CNN's trials without dropout. */
export const groupWithoutDropout = (results: ReproductionResults): TrialGroup =>
  groupOf(results, "the Proposed CNN without dropout", { experiment: "without-dropout" });

const optimizerTitles: Readonly<Record<string, string>> = { adam: "Adam", sgd: "SGD" };

/** The printed setting's trials, by optimizer. */
export const printedGroups = (results: ReproductionResults): TrialGroup[] =>
  groupBy(withFacts(knownTrials(results), { experiment: "printed" }), ["optimizer"])
    .map(({ facts: { optimizer } }) => optimizer)
    .sort()
    .map((optimizer) =>
      groupOf(results, optimizerTitles[optimizer] ?? optimizer, { experiment: "printed", optimizer }),
    );

/** How people call the schedules compared. */
const scheduleTitles: Partial<Record<ScheduleName, string>> = {
  "inverse-time": "inverse time (Eq. 6)",
  "natural-exponential": "exponential (Eq. 7)",
  dynamic: "Algorithm 1",
};

export const scheduleTitle = (name: ScheduleName): string => scheduleTitles[name] ?? name;

/** A schedule at the start rates that one seed tried, and at the best of them. */
export interface ScheduleOutcome {
  readonly schedule: ScheduleName;
  /** By rate; the record is undefined where it isn't run yet. */
  readonly tried: readonly { readonly learningRate: number; readonly record: TrialRecord | undefined }[];
  /** Null until every rate is tried. */
  readonly chosen: number | null;
  /** The chosen rate's trials; none until it is chosen. */
  readonly group: TrialGroup;
}

/**
 * The schedules compared, in the order of their definitions. The rates are compared by the first seed that has several
 * and is run at them all, or else is planned at several: the others are run at the chosen one alone.
 */
export function scheduleOutcomes(results: ReproductionResults): ScheduleOutcome[] {
  const all = withFacts(knownTrials(results), { experiment: "schedule" });
  return scheduleNames.flatMap((schedule) => {
    const own = withFacts(all, { schedule });
    if (own.length === 0) return [];
    const bySeed = groupBy(own, ["seed"]).sort((a, b) => a.facts.seed - b.facts.seed);
    const searching = bySeed.filter(({ items }) => items.length > 1);
    const isRun = ({ items }: (typeof bySeed)[number]): boolean =>
      items.every((trial) => recordOf(results, trial));
    const tried = ((searching.find(isRun) ?? searching[0])?.items ?? [])
      .map((trial) => ({ learningRate: trial.factors.learningRate, record: recordOf(results, trial) }))
      .sort((a, b) => a.learningRate - b.learningRate);
    const chosen = tried.length === 0 ? null : (bestRate(tried) ?? null);
    const title = scheduleTitle(schedule);
    const group =
      chosen === null
        ? { title, ids: [], kept: [] }
        : groupOf(results, title, { experiment: "schedule", schedule, learningRate: chosen });
    return [{ schedule, tried, chosen, group }];
  });
}

/** A schedule's trials at the best of its start rates. */
export const scheduleGroup = (results: ReproductionResults, name: ScheduleName): TrialGroup =>
  scheduleOutcomes(results).find(({ schedule }) => schedule === name)?.group ?? {
    title: scheduleTitle(name),
    ids: [],
    kept: [],
  };

/** Seeds by epochs: "3 × 50", "2 of 3 × 50", "3 × 4 to 50, 1 of 3 diverged"; "not run yet" without any. */
export const extent = (group: TrialGroup): string => extentWords(group, ["", ""]);

/** The same in a sentence: "3 seeds × 50 epochs". */
export const standing = (group: TrialGroup): string => extentWords(group, ["seed", "epoch"]);

function extentWords({ ids, kept }: TrialGroup, [seed, epoch]: readonly [string, string]): string {
  if (kept.length === 0) return "not run yet";
  const lengths = kept.map(({ history }) => history.length);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  const seeds = kept.length === ids.length ? String(kept.length) : `${kept.length} of ${ids.length}`;
  const epochs = least === most ? String(most) : `${least} to ${most}`;
  const counted = (count: string, word: string): string =>
    word === "" ? count : `${count} ${word}${count === "1" ? "" : "s"}`;
  const diverged = kept.filter(({ outcome }) => outcome === "diverged").length;
  const judged = kept.filter(({ test }) => test).length;
  return [
    `${counted(seeds, seed)} × ${counted(epochs, epoch)}`,
    ...(diverged > 0 ? [`${diverged} of ${kept.length} diverged`] : []),
    ...(judged < kept.length ? [`test figures of ${judged}`] : []),
  ].join(", ");
}

/** What some groups lack, behind figures of theirs; empty where every seed is there and none diverged. */
export function soFar(groups: readonly TrialGroup[]): string {
  const lacking = groups.filter(
    ({ ids, kept }) => kept.length < ids.length || kept.some(({ outcome }) => outcome !== "finished"),
  );
  return lacking.length === 0 ? "" : ` (so far ${listed([...new Set(lacking.map(standing))])})`;
}

/** The mean confusion matrix of a group, `[true][predicted]`, counts of a test set; null where none is there. */
export function meanConfusion({ kept }: TrialGroup): number[][] | null {
  const matrices = kept.flatMap(({ test }) => (test ? [test.confusion] : []));
  if (matrices.length === 0) return null;
  return matrices[0].map((row, truth) =>
    row.map(
      (_, predicted) => matrices.reduce((sum, each) => sum + each[truth][predicted], 0) / matrices.length,
    ),
  );
}
