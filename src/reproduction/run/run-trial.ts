import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import type { Platform } from "../../core/platform.js";
import type { EpochRecord, TrainEvent } from "../../core/training/events.js";
import type { ChosenCheckpoint } from "../../node/run/checkpoints.js";
import { epochsText } from "../../node/run/epochs-done.js";
import { bestOf } from "../../node/run/list-runs.js";
import { isUnbegun } from "../../node/run/new-folder.js";
import { isFinished, resumeRun } from "../../node/run/resume-run.js";
import type { RunConfig } from "../../node/run/run-config.js";
import { RunFolder } from "../../node/run/run-folder.js";
import { trainRun } from "../../node/run/train-run.js";
import { firstDifference } from "../folder/difference.js";
import { writeTrial } from "../folder/trial-files.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import { judgeTrial } from "./judge-trial.js";

export interface RunTrialOptions {
  /** Of the reproduction. */
  readonly folder: string;
  /** As given, for the run folder's own configuration. */
  readonly data: string;
  readonly dataset: Dataset;
  readonly threads?: number;
  readonly platform: Platform;
  readonly signal?: AbortSignal;
  readonly onTraining?: (event: TrainEvent) => void;
  readonly onCheckpoint?: (chosen: ChosenCheckpoint | undefined) => void;
  readonly onWarning?: (message: string) => void;
}

/** Where a trial's run folder lies. */
export const trialRun = (folder: string, id: string): string => join(folder, "runs", id);

/**
 * Runs a trial to its end, from where its run folder stands, judges it and keeps its record.
 *
 * @returns undefined where it was stopped
 * @throws HeddleError when its run folder can't be gone on with, or something can't be written.
 */
export async function runTrial(plan: TrialPlan, options: RunTrialOptions): Promise<TrialRecord | undefined> {
  const path = trialRun(options.folder, plan.id);
  const trained = await train(plan, path, options);
  if (!trained) return undefined;
  const folder = await RunFolder.open(path);
  const { history, message } = trained;
  const best = bestOf(history);
  const { predictions, ...judged } = best
    ? await judgeTrial(folder, plan.config, options.dataset, options)
    : { test: null, train: null, predictions: undefined };
  const environment = (await folder.readEnvironment()) as TrialRecord["environment"] | undefined;
  if (!environment) throw beginAnew(path, `${path} has no environment.json.`);
  const record: TrialRecord = {
    id: plan.id,
    config: plan.config,
    environment,
    outcome: message === undefined ? "finished" : "diverged",
    ...(message !== undefined && { message }),
    history,
    bestEpoch: best?.epoch ?? 0,
    ...judged,
  };
  await writeTrial(options.folder, record, plan.keepsPredictions ? predictions : undefined);
  return record;
}

interface Trained {
  readonly history: readonly EpochRecord[];
  /** Why it diverged, where it did. */
  readonly message?: string;
}

async function train(plan: TrialPlan, path: string, options: RunTrialOptions): Promise<Trained | undefined> {
  const { threads, platform, signal, dataset, data, onTraining, onWarning } = options;
  let started = false;
  const onEvent = (event: TrainEvent): void => {
    started = true;
    onTraining?.(event);
  };
  const onCheckpoint = (chosen: ChosenCheckpoint | undefined): void => {
    // Tables and claims are made of the whole course.
    if (chosen && chosen.lostEpochs.length > 0) {
      throw new HeddleError(`${path}/history.jsonl has lost ${epochsText(chosen.lostEpochs)}.`);
    }
    options.onCheckpoint?.(chosen);
  };
  const common = { folder: path, threads, platform, signal, dataset, onEvent, onWarning };
  const begun = await begunRun(path, plan.config);
  if (begun?.finished) return { history: begun.history };
  const { end, history, evaluation } = begun
    ? await resumeRun({ ...common, onCheckpoint }).catch((cause: unknown) => {
        throw cause instanceof HeddleError && !started ? beginAnew(path, cause.message, cause) : cause;
      })
    : await trainRun({ ...common, settings: { ...plan.config, data } });
  if (end.reason === "aborted" || (end.reason === "finished" && !evaluation)) return undefined;
  return { history, ...(end.reason === "diverged" && { message: end.message ?? "It diverged." }) };
}

/** How far a trial's run folder has come; undefined where there is none, or one in which nothing began. */
async function begunRun(
  path: string,
  wanted: RunConfig,
): Promise<{ readonly history: readonly EpochRecord[]; readonly finished: boolean } | undefined> {
  if (!existsSync(path) || (await isUnbegun(path))) return undefined;
  const folder = await RunFolder.open(path);
  const { data: _, ...config } = await folder.readConfig().catch((cause: unknown) => {
    throw cause instanceof HeddleError ? beginAnew(path, cause.message, cause) : cause;
  });
  const { data: __, ...settings } = wanted;
  const different = firstDifference(config, settings);
  if (different) {
    const { place, kept, wanted: now } = different;
    throw beginAnew(path, `${path} was begun with ${place} ${kept}, and here it is ${now}.`);
  }
  const history = await folder.readWholeHistory();
  return { history, finished: await isFinished(folder, config.epochs, history) };
}

function beginAnew(path: string, reason: string, cause?: unknown): HeddleError {
  return new HeddleError(`${reason} To begin this trial anew, delete ${path}.`, { cause });
}
