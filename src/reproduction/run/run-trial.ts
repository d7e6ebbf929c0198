import { join } from "node:path";
import { arithmeticVersion } from "../../core/arithmetic.js";
import type { DatasetInMemory } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import { type ModelDefinition, modelDefinitions, withoutDropout } from "../../core/models/index.js";
import type { Platform } from "../../core/platform.js";
import type { EpochRecord, TrainEvent } from "../../core/training/events.js";
import { diskStore } from "../../node/disk-store.js";
import { resumeRun, trainRun } from "../../node/runs.js";
import { bestOf } from "../../run/best-of.js";
import type { ChosenCheckpoint } from "../../run/checkpoints.js";
import { epochsText } from "../../run/epochs-done.js";
import { isUnbegun } from "../../run/new-run.js";
import { isFinished } from "../../run/resume-run.js";
import { modelOfConfig, type TrainingSettings } from "../../run/run-config.js";
import { RunFolder } from "../../run/run-folder.js";
import { definedModel, type RunModel } from "../../run/run-model.js";
import { planOf } from "../../run/run-settings.js";
import { firstDifference } from "../folder/difference.js";
import { writeTrial } from "../folder/trial-files.js";
import type { TrialConfig, TrialPlan, TrialRecord } from "../plan/trial.js";
import { judgeTrial } from "./judge-trial.js";

export interface RunTrialOptions {
  /** Of the reproduction. */
  readonly folder: string;
  /** As given, for the run folder's own configuration. */
  readonly data: string;
  readonly dataset: DatasetInMemory;
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
  const folder = await RunFolder.open(diskStore(path));
  const { history, message } = trained;
  const best = bestOf(history);
  const { predictions, ...judged } = best
    ? await judgeTrial(folder, plan.config, options.dataset, options)
    : { test: null, train: null, predictions: undefined };
  const environment = (await folder.readEnvironment()) as TrialRecord["environment"] | undefined;
  if (!environment) throw beginAnew(path, `${path} has no environment.json.`);
  const record: TrialRecord = {
    id: plan.id,
    arithmeticVersion,
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
  const begun = await begunRun(path, plan.config, dataset);
  if (begun?.finished) return { history: begun.history };
  const { end, history, evaluation } = begun
    ? await resumeRun({ ...common, onCheckpoint }).catch((cause: unknown) => {
        throw cause instanceof HeddleError && !started ? beginAnew(path, cause.message, cause) : cause;
      })
    : await trainRun({ ...common, ...settingsOf(plan.config), data, model: definitionOf(plan.config) });
  if (end.reason === "aborted" || (end.reason === "finished" && !evaluation)) return undefined;
  return { history, ...(end.reason === "diverged" && { message: end.message ?? "It diverged." }) };
}

/** The model that a trial trains. */
function definitionOf({ model, dropout }: TrialConfig): ModelDefinition {
  const definition = modelDefinitions[model];
  return dropout ? definition : withoutDropout(definition);
}

function settingsOf({ model: _, dropout: __, data: ___, ...settings }: TrialConfig): TrainingSettings {
  return settings;
}

/** How far a trial's run folder has come; undefined where there is none, or one in which nothing began. */
async function begunRun(
  path: string,
  wanted: TrialConfig,
  { imageShape, classNames }: DatasetInMemory,
): Promise<{ readonly history: readonly EpochRecord[]; readonly finished: boolean } | undefined> {
  const store = diskStore(path);
  if (!(await store.list()) || (await isUnbegun(store))) return undefined;
  const folder = await RunFolder.open(store);
  const config = await folder.readConfig().catch((cause: unknown) => {
    throw cause instanceof HeddleError ? beginAnew(path, cause.message, cause) : cause;
  });
  const layersOf = (model: RunModel): string =>
    model
      .graph(imageShape, classNames.length)
      .nodes.map(({ layer }) => layer.name)
      .join(", ");
  const different = firstDifference(
    { model: config.model, ...planOf(config).training, layers: layersOf(modelOfConfig(config)) },
    { model: wanted.model, ...settingsOf(wanted), layers: layersOf(definedModel(definitionOf(wanted))) },
  );
  if (different) {
    const { place, kept, wanted: now } = different;
    throw beginAnew(path, `${path} was begun with ${place} ${kept}, and here it is ${now}.`);
  }
  const history = await folder.readWholeHistory();
  return { history, finished: await isFinished(folder, config, history) };
}

function beginAnew(path: string, reason: string, cause?: unknown): HeddleError {
  return new HeddleError(`${reason} To begin this trial anew, delete ${path}.`, { cause });
}
