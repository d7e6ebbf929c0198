import { checkedOptions, checkValue } from "../core/options/index.js";
import type { EvaluatedRun } from "../run/evaluate-run.js";
import * as run from "../run/index.js";
import type { RunSummary } from "../run/list-runs.js";
import {
  type EvaluateRunOptions as EvaluateOptions,
  evaluateRunOptions,
  resumeRunOptions,
} from "../run/run-options.js";
import { trainRunOptions, withoutNulls } from "../run/run-settings.js";
import { diskStore } from "./disk-store.js";
import { nodeRunHost, type RunHostOptions } from "./run-host.js";
import { folderKind, folderOption, hostOptions, newFolderOption } from "./run-options.js";

/** Where runs are kept that are given no folder, below the working folder. */
const runsFolder = "runs";

/** What decides a run, where it is kept, and who is told of it. */
export interface TrainRunOptions extends run.TrainRunOptions, RunHostOptions {
  /** Where the run is kept (default `runs/<UTC time>-<model>`); it must not exist, or no run have begun in it. */
  readonly folder?: string | undefined;
}

/**
 * Trains a model and keeps all of it in a run folder: after each epoch the weights of the best and of the last
 * one and a checkpoint to resume from, the weights of the moment where it is interrupted, and at the end the
 * best weights' judgement on the test set, which nothing has looked at before.
 *
 * @example
 * const model = sequential([flatten(), dense({ units: 10 })], { inputShape: [28, 28, 1] });
 * const { folder, evaluation } = await trainRun({ model, data: "fashion-mnist", epochs: 5 });
 * @throws UsageError on settings that make no sense.
 * @throws HeddleError on bad data, settings that don't fit it, a folder in the way, a disk that fails.
 */
export async function trainRun(options: TrainRunOptions): Promise<run.TrainRunResult> {
  const table = { ...trainRunOptions, ...hostOptions, ...newFolderOption };
  const given = checkedOptions("trainRun", withoutNulls(options, table), table);
  const { folder, loading, platform, createNetwork, ...others } = given;
  const place = folder === undefined ? { among: diskStore(runsFolder) } : { run: diskStore(folder) };
  return run.trainRun(others, place, nodeRunHost({ loading, platform, createNetwork }));
}

/** Which run goes on, and who is told of it. */
export interface ResumeRunOptions extends run.ResumeRunOptions, RunHostOptions {
  /** Of a run that was cut off or stopped. */
  readonly folder: string;
}

/**
 * Goes on with a run from its newest usable checkpoint, as it was configured, and ends as if it had not
 * stopped: the same weights, the same history but for `seconds`, the same evaluation, to the byte. A run of
 * which no epoch ended begins anew in its folder.
 *
 * @throws HeddleError when the run is missing, damaged, finished, another process's or of another arithmetic, its
 * data has changed, or the checkpoints that it has can't be used.
 */
export async function resumeRun(options: ResumeRunOptions): Promise<run.TrainRunResult> {
  const table = { ...resumeRunOptions, ...hostOptions, ...folderOption };
  const { folder, loading, platform, createNetwork, ...others } = checkedOptions("resumeRun", options, table);
  return run.resumeRun(diskStore(folder), others, nodeRunHost({ loading, platform, createNetwork }));
}

/** Which run is judged, with which of its weights, on what. */
export interface EvaluateRunOptions extends EvaluateOptions, RunHostOptions {
  /** Of the run. */
  readonly folder: string;
}

/**
 * Judges a run's weights on the test images, be it a run of another arithmetic.
 *
 * @throws HeddleError when the run is missing, half-written or damaged, or the data doesn't fit its model. A folder
 * that takes no file is no reason to lose what was found out: `unwritten` says so.
 */
export async function evaluateRun(options: EvaluateRunOptions): Promise<EvaluatedRun> {
  const table = { ...evaluateRunOptions, ...hostOptions, ...folderOption };
  const { folder, loading, platform, createNetwork, ...others } = checkedOptions(
    "evaluateRun",
    options,
    table,
  );
  return run.evaluateRun(diskStore(folder), others, nodeRunHost({ loading, platform, createNetwork }));
}

/**
 * The runs in a folder, oldest first. A damaged one is listed with what is wrong with it.
 *
 * @throws HeddleError when the folder can't be read; one that doesn't exist has no runs.
 */
export async function listRuns(folder: string = runsFolder): Promise<readonly RunSummary[]> {
  return run.listRuns(diskStore(checkValue("listRuns", "folder", folder, folderKind)));
}
