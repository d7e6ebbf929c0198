import { join } from "node:path";
import type { Dataset } from "../../core/data/dataset.js";
import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { HeddleError } from "../../core/errors.js";
import type { Platform } from "../../core/platform.js";
import type { TrainEvent } from "../../core/training/events.js";
import type { LoadOptions } from "../../node/data/load.js";
import { lockFolder } from "../../node/lock.js";
import { nodePlatform } from "../../node/platform.js";
import { sweepLeftovers } from "../../node/write-file.js";
import type { ChosenCheckpoint } from "../../run/checkpoints.js";
import { checkFolder, lockName, markOf, prepareFolder, type WantedManifest } from "../folder/manifest.js";
import { checkSeeds } from "../plan/plan.js";
import { protocols } from "../plan/protocol.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import { fashionMnistData, loadReproductionData } from "./data.js";
import type { ReproductionProgress } from "./progress.js";
import { type RunTrialOptions, runTrial } from "./run-trial.js";
import { ReproductionState, type RequestedPlan } from "./state.js";

/** What a reproduction tells while it goes on. */
export type ReproductionEvent =
  | { readonly event: "warning"; readonly message: string }
  /** Before the first trial. */
  | { readonly event: "plan"; readonly progress: ReproductionProgress }
  | { readonly event: "trial"; readonly trial: TrialPlan; readonly progress: ReproductionProgress }
  /** The checkpoint that a trial goes on from; undefined where no epoch of it ended. */
  | { readonly event: "checkpoint"; readonly trial: TrialPlan; readonly chosen?: ChosenCheckpoint }
  | { readonly event: "training"; readonly trial: TrialPlan; readonly training: TrainEvent }
  | { readonly event: "done"; readonly record: TrialRecord; readonly progress: ReproductionProgress };

export interface ReproductionOptions {
  /** Where results are kept. */
  readonly folder: string;
  /** What to run. */
  readonly plan: RequestedPlan;
  /** "fashion-mnist" (default) or a folder. */
  readonly data?: string;
  /** Everything small: few images, and few epochs and one seed where no others are asked for. It is no reproduction. */
  readonly quick?: boolean;
  readonly loading?: LoadOptions;
}

export interface ReproduceOptions extends ReproductionOptions {
  readonly threads?: number;
  readonly platform?: Platform;
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ReproductionEvent) => void;
  /** Makes tables, figures and the page of the trials kept; called at the end, and after each trial but of a quick run. */
  readonly writeOutputs?: (folder: string, options: { readonly dataset: Dataset }) => Promise<void>;
}

/** What a reproduction came to. */
export interface ReproductionResult {
  readonly progress: ReproductionProgress;
  /** The trial that was stopped, or would have been next; undefined where all are done. */
  readonly stoppedAt?: TrialPlan;
}

/**
 * The plan of a reproduction and where it stands in a folder, which is only read. Fashion-MNIST is not fetched for it.
 *
 * @throws HeddleError where the folder can't be gone on with. @throws UsageError on seeds that repeat.
 */
export async function planReproduction(options: ReproductionOptions): Promise<ReproductionProgress> {
  const { folder, data: given = fashionMnist, quick = false, loading } = options;
  const wanted = wantedManifest(options);
  await checkFolder(folder, wanted);
  const data =
    given === fashionMnist ? fashionMnistData(quick) : await loadReproductionData(given, quick, loading);
  if (data.dataset) await checkFolder(folder, { ...wanted, data: markOf(data.dataset) });
  const state = await ReproductionState.open(folder, options.plan, data);
  return state.progress();
}

/**
 * Runs the trials of a reproduction that are not done yet, each from where it stands, and keeps them.
 *
 * @throws HeddleError on a folder that holds something else or is another process's, on damaged files, on a disk that
 * fails: the trials that ended are kept, and the same call goes on. @throws UsageError on seeds that repeat.
 */
export async function reproduce(options: ReproduceOptions): Promise<ReproductionResult> {
  const { folder, data: given = fashionMnist, quick = false, loading, signal, onEvent } = options;
  const wanted = wantedManifest(options);
  // Before anything is made in a folder that isn't ours, and before the data is fetched.
  await checkFolder(folder, wanted);
  const data = await loadReproductionData(given, quick, { signal, ...loading });
  const lock = await lockFolder(folder, lockName);
  try {
    if (lock.takenOver !== undefined) onEvent?.({ event: "warning", message: lock.takenOver });
    const manifest = { ...wanted, data: markOf(data.dataset) };
    await checkFolder(folder, manifest);
    for (const part of ["trials", "tables", "figures"]) await sweepLeftovers(join(folder, part));
    const state = await ReproductionState.open(folder, options.plan, data);
    await prepareFolder(folder, manifest);
    onEvent?.({ event: "plan", progress: state.progress() });
    const { threads, platform = nodePlatform } = options;
    const shared = { folder, data: given, dataset: data.dataset, threads, platform, signal };
    const stoppedAt = await runAll(state, shared, options);
    return { progress: state.progress(), stoppedAt };
  } finally {
    await lock.release();
  }
}

function wantedManifest({ plan, quick = false }: ReproductionOptions): Omit<WantedManifest, "data"> {
  if (plan.seeds) checkSeeds(plan.seeds);
  return { quick, protocols: plan.protocols ?? protocols };
}

/** Gives the trial that was stopped, if one was. */
async function runAll(
  state: ReproductionState,
  shared: RunTrialOptions,
  options: ReproduceOptions,
): Promise<TrialPlan | undefined> {
  const { folder, quick, signal, onEvent, writeOutputs } = options;
  for (let trial = state.next(); trial; trial = state.next()) {
    const record = signal?.aborted ? undefined : await runNext(trial, state, shared, onEvent);
    if (!record) return trial;
    state.keep(record);
    onEvent?.({ event: "done", record, progress: state.progress() });
    if (quick || !state.next()) continue;
    // A page that can't be drawn, for whatever reason, does not stop the training: at the end its failure is one.
    await writeOutputs?.(folder, shared).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      onEvent?.({ event: "warning", message: `The page can't be made, and training goes on: ${reason}` });
    });
  }
  await writeOutputs?.(folder, shared);
  return undefined;
}

async function runNext(
  trial: TrialPlan,
  state: ReproductionState,
  shared: RunTrialOptions,
  onEvent: ReproduceOptions["onEvent"],
): Promise<TrialRecord | undefined> {
  onEvent?.({ event: "trial", trial, progress: state.progress() });
  const onTraining = (training: TrainEvent): void => {
    if (training.event === "epoch") state.noteEpoch(trial, training);
    onEvent?.({ event: "training", trial, training });
  };
  const onCheckpoint = (chosen?: ChosenCheckpoint): void => onEvent?.({ event: "checkpoint", trial, chosen });
  try {
    const onWarning = (message: string): void => onEvent?.({ event: "warning", message });
    return await runTrial(trial, { ...shared, onCheckpoint, onTraining, onWarning });
  } catch (cause) {
    throw cause instanceof HeddleError ? withWhatIsKept(cause, shared.folder) : cause;
  }
}

function withWhatIsKept(cause: HeddleError, folder: string): HeddleError {
  const kept = `The trials that ended are kept in ${folder}/trials; the same command goes on from there.`;
  return new HeddleError(`${cause.message} ${kept}`, { cause });
}
