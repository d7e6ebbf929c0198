import { HeddleError } from "../core/errors.js";
import type { TrainEvent } from "../core/training/events.js";
import { isAtEnd } from "../run/at-end.js";
import type { ChosenCheckpoint } from "../run/checkpoints.js";
import { epochsDone, epochsText, isTrained } from "../run/epochs-done.js";
import { firstImagesFile } from "../run/first-images.js";
import { isStop, type RunHost, type StopSignal } from "../run/host.js";
import { isUnbegun } from "../run/new-run.js";
import { predictionsFile, type RunPredictions } from "../run/predictions-file.js";
import { resumeRun } from "../run/resume-run.js";
import type { RunConfig } from "../run/run-config.js";
import type { RunEpoch } from "../run/run-epoch.js";
import { RunFolder } from "../run/run-folder.js";
import type { Store } from "../run/store.js";
import { trainRun } from "../run/train-run.js";
import { settingsDifference } from "./check-records.js";
import { type Judging, judgeTrial } from "./judge-trial.js";
import { Stop } from "./stop.js";
import { epochsOf, type StudyData, type TrialPlan } from "./trial.js";
import { removeFailure, trialStore, writeTrialNote } from "./trial-folder.js";

/** Told what goes on in a trial. */
export interface TrialListener {
  onTraining?(event: TrainEvent): void;
  /** Where it goes on from, and why any newer checkpoint was not taken: sentences. */
  onCheckpoint?(from: { readonly epochsDone: number; readonly passedOver: readonly string[] }): void;
  onWarning?(message: string): void;
}

/** What all trials of a study share. */
export interface TrialWork {
  /** The study's place. */
  readonly study: Store;
  readonly data: StudyData;
  readonly judging: Judging;
  /** Whether weights are kept of a trial that ended. */
  readonly keepsWeights: boolean;
}

export interface TrainTrialOptions extends TrialWork {
  readonly host: RunHost;
  readonly threads?: number;
  readonly signal?: StopSignal;
  readonly listener?: TrialListener;
}

/**
 * Runs a trial to its end or its pause, from where its run folder stands, judges it and makes it count.
 *
 * @returns false where it was stopped
 * @throws HeddleError when its run folder can't be gone on with, or something can't be written.
 */
export async function trainTrial(plan: TrialPlan, options: TrainTrialOptions): Promise<boolean> {
  try {
    return await toItsEnd(plan, options);
  } catch (error) {
    if (isStop(error, options.signal)) return false;
    throw error;
  }
}

async function toItsEnd(plan: TrialPlan, options: TrainTrialOptions): Promise<boolean> {
  const store = trialStore(options.study, plan.id);
  await removeFailure(store);
  const trained = await train(plan, store, options);
  if (!trained) return false;
  const { history, message, paused, predictions } = trained;
  const folder = new RunFolder(store);
  const { data, judging, host, threads, signal, keepsWeights } = options;
  const { factors, keepsPredictions = false } = plan;
  let figures: Awaited<ReturnType<typeof judgeTrial>> = null;
  if (!paused && history.length > 0) {
    const { dataset } = data;
    const judged = { dataset, judging, keepsPredictions, predictions, host, threads, signal };
    figures = await judgeTrial(folder, judged).catch((cause: unknown) => {
      throw cause instanceof HeddleError ? beginAnew(store, cause.message, cause) : cause;
    });
  }
  if (figures === undefined) return false;
  const outcome = message !== undefined ? "diverged" : paused ? "paused" : "finished";
  const said = message === undefined ? {} : { message };
  await writeTrialNote(store, { factors, outcome, epochs: epochsDone(history), ...said, train: figures });
  if (!paused && !keepsWeights) await removeWeights(store);
  return true;
}

/** Takes away the model files of a run, and whatever else it trained or is judged with: its judgement and predictions stay. */
export async function removeWeights(store: Store): Promise<void> {
  for (const { name } of (await store.list()) ?? []) {
    const isModel = name.endsWith(".safetensors") && name !== predictionsFile;
    if (isModel || name === firstImagesFile) await store.remove(name);
  }
}

interface Trained {
  readonly history: readonly RunEpoch[];
  /** Why it diverged, where it did. */
  readonly message?: string;
  readonly paused?: boolean;
  readonly predictions?: RunPredictions;
}

async function train(
  plan: TrialPlan,
  store: Store,
  { study: _, ...options }: TrainTrialOptions,
): Promise<Trained | undefined> {
  const { threads, host, data, judging, listener } = options;
  const begun = await begunRun(store, plan, options);
  if (begun && (begun.finished || begun.paused)) return begun;
  const until = epochsOf(plan);
  const stop = new Stop(options.signal);
  let started = false;
  const onEvent = (event: TrainEvent): void => {
    started = true;
    listener?.onTraining?.(event);
    if (event.event === "epoch" && event.epoch >= until && until < plan.settings.epochs) stop.stop();
  };
  const onCheckpoint = (chosen: ChosenCheckpoint | undefined): void => {
    // What is made of trials is made of their whole course.
    if (chosen && chosen.lostEpochs.length > 0) {
      throw new HeddleError(`${store.place("history.jsonl")} has lost ${epochsText(chosen.lostEpochs)}.`);
    }
    const { passedOver = [], checkpoint } = chosen ?? {};
    listener?.onCheckpoint?.({ epochsDone: checkpoint?.position.epochsDone ?? 0, passedOver });
  };
  const onWarning = (message: string): void => listener?.onWarning?.(message);
  const { dataset, name, options: dataOptions } = data;
  const common = { threads, signal: stop, dataset, judge: judging.test ?? true, onEvent, onWarning };
  try {
    const { end, history, predictions } = begun
      ? await resumeRun(store, { ...common, onCheckpoint }, host).catch((cause: unknown) => {
          throw cause instanceof HeddleError && !started ? beginAnew(store, cause.message, cause) : cause;
        })
      : await trainRun(
          { ...plan.settings, ...common, data: name, ...(dataOptions && { dataOptions }) },
          { run: store },
          host,
        );
    if (end.reason === "diverged") return { history, message: end.message ?? "It diverged." };
    if (end.reason === "aborted") {
      if (history.length < until) return undefined;
      // A pause is no interruption: what it stopped at is the last epoch's.
      await store.remove("interrupted.safetensors");
      return { history, paused: true };
    }
    const folder = new RunFolder(store);
    if (await isEnded(folder, await folder.readConfig(), history, judging)) return { history, predictions };
    if (options.signal?.aborted) return undefined;
    // It stopped early in the very epoch that it was to pause at: what the pause cut off is made good.
    const { predictions: after } = await resumeRun(store, { ...common, signal: options.signal }, host);
    return { history, predictions: after };
  } finally {
    stop.release();
  }
}

interface BegunRun {
  readonly history: readonly RunEpoch[];
  readonly finished: boolean;
  /** Where it stands at the pause that is asked for. */
  readonly paused: boolean;
}

/** How far a trial's run folder has come; undefined where there is none, or one in which nothing began. */
async function begunRun(
  store: Store,
  plan: TrialPlan,
  { data, judging }: Pick<TrialWork, "data" | "judging">,
): Promise<BegunRun | undefined> {
  if (!(await store.list()) || (await isUnbegun(store))) return undefined;
  const folder = new RunFolder(store);
  const config = await folder.readConfig().catch((cause: unknown) => {
    throw cause instanceof HeddleError ? beginAnew(store, cause.message, cause) : cause;
  });
  const environment = await folder.readEnvironment().catch(() => undefined);
  const { trainImages } = environment ?? {};
  const different = await settingsDifference(config, plan.settings, data.dataset, trainImages);
  if (different) {
    const { place, kept, wanted } = different;
    throw beginAnew(store, `${store.where} was begun with ${place} ${kept}, and here it is ${wanted}.`);
  }
  const history = await folder.readWholeHistory();
  const finished = await isEnded(folder, config, history, judging);
  const until = epochsOf(plan);
  const paused = !isTrained(config, history) && history.length >= until && epochsDone(history) >= until;
  return { history, finished, paused: !finished && paused };
}

/** Whether nothing is left to do for a run. */
async function isEnded(
  folder: RunFolder,
  config: RunConfig,
  history: readonly RunEpoch[],
  { test = true }: Judging,
): Promise<boolean> {
  return (await isAtEnd(folder, config, history)) && (!test || (await folder.isJudged()));
}

function beginAnew({ where }: Store, reason: string, cause?: unknown): HeddleError {
  return new HeddleError(`${reason} To begin this trial anew, delete ${where}.`, { cause });
}
