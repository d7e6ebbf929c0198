import { type ScheduleName, scheduleNames } from "../../core/schedules/index.js";
import type { RunPredictions } from "../../run/run-record.js";
import { type PaperModel, paperProtocol } from "../paper/paper.js";
import type { Protocol } from "../plan/protocol.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import { parseTrialId, type TrialName } from "../plan/trial-id.js";
import type { EpochTimes } from "./epoch-times.js";

/** What a reproduction's tables and page are made from: whatever is there. */
export interface ReproductionResults {
  /** Small trials for tests and the curious: no reproduction. */
  readonly quick: boolean;
  /** In the order in which they were chosen; the last is the one whose figures count. */
  readonly protocols: readonly Protocol[];
  /** Every trial that is to be run, as far as known. */
  readonly planned: readonly TrialPlan[];
  /** The trials kept. */
  readonly records: readonly TrialRecord[];
  /** What trials of the same names came to by an earlier arithmetic. */
  readonly earlier: readonly TrialRecord[];
  /** Of each trial that keeps them. */
  readonly predictions: ReadonlyMap<string, RunPredictions>;
  readonly epochTimes: EpochTimes | null;
}

/** Trials that differ in their seed alone. */
export interface TrialGroup {
  /** Names of those planned or kept, by seed. */
  readonly ids: readonly string[];
  /** Those kept, by seed. */
  readonly kept: readonly TrialRecord[];
  /** Epochs that each kept one ended, or is to get where none is kept; more than one number where they differ. */
  readonly epochs: readonly number[];
}

/** A trial of the group by each seed whose name fits. */
function groupOf(results: ReproductionResults, fits: (name: TrialName) => boolean): TrialGroup {
  const wanted = [...results.planned, ...results.records].flatMap(({ id, config }) => {
    const name = parseTrialId(id);
    return name && fits(name) ? [{ id, config, seed: name.seed }] : [];
  });
  const bySeed = wanted.sort((a, b) => a.seed - b.seed);
  const ids = [...new Set(bySeed.map(({ id }) => id))];
  const kept = ids.flatMap((id) => results.records.filter((record) => record.id === id));
  const epochs =
    kept.length > 0 ? kept.map(({ history }) => history.length) : bySeed.map(({ config }) => config.epochs);
  return { ids, kept, epochs: [...new Set(epochs)].sort((a, b) => a - b) };
}

/** A model's trials by a protocol. */
export const modelGroup = (
  results: ReproductionResults,
  protocol: string,
  model: PaperModel,
  batchSize: number = paperProtocol.batchSize,
): TrialGroup =>
  groupOf(
    results,
    (name) =>
      name.kind === "model" &&
      name.protocol === protocol &&
      name.model === model &&
      name.batchSize === batchSize,
  );

/** The last protocol: its figures are the reproduction's. */
export const currentProtocol = ({ protocols }: ReproductionResults): Protocol =>
  protocols[protocols.length - 1];

/** Table 2's trials of a model, by the current protocol. */
export const currentGroup = (
  results: ReproductionResults,
  model: PaperModel,
  batchSize?: number,
): TrialGroup => modelGroup(results, currentProtocol(results).name, model, batchSize);

/** Protocols before the current one of which trials are kept. */
export const earlierProtocols = (results: ReproductionResults): Protocol[] =>
  results.protocols.slice(0, -1).filter(({ name }) =>
    results.records.some(({ id }) => {
      const found = parseTrialId(id);
      return found !== undefined && "protocol" in found && found.protocol === name;
    }),
  );

/** The printed setting's trials, by optimizer. */
export function printedGroups(
  results: ReproductionResults,
): { readonly optimizer: string; readonly group: TrialGroup }[] {
  const optimizers = new Set(
    [...results.planned, ...results.records].flatMap(({ id }) => {
      const name = parseTrialId(id);
      return name?.kind === "printed" ? [name.optimizer] : [];
    }),
  );
  return [...optimizers].sort().map((optimizer) => ({
    optimizer,
    group: groupOf(results, (name) => name.kind === "printed" && name.optimizer === optimizer),
  }));
}

/** The Proposed CNN's trials without dropout, by the current protocol. */
export function groupWithoutDropout(results: ReproductionResults): TrialGroup {
  const protocol = currentProtocol(results).name;
  return groupOf(results, (name) => name.kind === "without-dropout" && name.protocol === protocol);
}

/** A schedule from each start rate that is tried with it. */
export interface ScheduleGroup {
  readonly schedule: ScheduleName;
  /** By rate. */
  readonly rates: readonly { readonly learningRate: number; readonly group: TrialGroup }[];
}

/** Schedules in the order of their definitions, those of the current protocol. */
export function scheduleGroups(results: ReproductionResults): ScheduleGroup[] {
  const protocol = currentProtocol(results).name;
  const names = [...results.planned, ...results.records].flatMap(({ id }) => {
    const name = parseTrialId(id);
    return name?.kind === "schedule" && name.protocol === protocol ? [name] : [];
  });
  return scheduleNames
    .map((schedule) => {
      const own = names.filter((name) => name.schedule === schedule);
      const rates = [...new Set(own.map(({ learningRate }) => learningRate))].sort((a, b) => a - b);
      return {
        schedule,
        rates: rates.map((learningRate) => ({
          learningRate,
          group: groupOf(
            results,
            (name) =>
              name.kind === "schedule" &&
              name.protocol === protocol &&
              name.schedule === schedule &&
              name.learningRate === learningRate,
          ),
        })),
      };
    })
    .filter(({ rates }) => rates.length > 0);
}
