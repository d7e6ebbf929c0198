import { resolve } from "node:path";
import type { StartEvent } from "../../core/training/events.js";
import { FASHION_MNIST } from "../data/load.js";
import { describeEnvironment } from "../environment.js";
import type { Lock } from "../lock.js";
import { nodePlatform } from "../platform.js";
import {
  createRunModel,
  followRun,
  type RunOptions,
  type RunSettings,
  runDataset,
  runFitOptions,
  type TrainRunResult,
} from "./follow-run.js";
import { RunFolder } from "./run-folder.js";

export interface TrainRunOptions extends RunOptions {
  readonly settings: RunSettings;
  /** Where the run is kept (default `runs/<UTC time>-<model>`); it must not exist, or no run have begun in it. */
  readonly folder?: string;
}

/**
 * Trains a model and keeps all of it in a run folder: after each epoch the weights of the best and of the last
 * one and a checkpoint to resume from, the weights of the moment where it is interrupted, and at the end the
 * best weights' judgement on the test set, which nothing has looked at before.
 *
 * @throws HeddleError on bad data, settings that don't fit it, a folder in the way, a disk that fails.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const { settings, threads, signal, platform = nodePlatform, onEvent } = options;
  if (options.folder !== undefined) await RunFolder.requireFree(options.folder);
  const dataset = await runDataset(settings, options);
  let lock: Lock | undefined;
  const open = async (event: StartEvent): Promise<RunFolder> => {
    const folder = await makeFolder(options);
    lock = await folder.lock();
    if (lock.takenOver !== undefined) options.onWarning?.(lock.takenOver);
    // Another one that began here meanwhile is at its end already, or was cut off.
    await RunFolder.requireFree(folder.path);
    await startFolder(folder, event, settings);
    return folder;
  };
  const model = createRunModel(settings, dataset, { threads, platform });
  try {
    const fit = runFitOptions(settings, signal);
    return await followRun({ settings, dataset, model, fit, open, signal, onEvent });
  } finally {
    await model.dispose().finally(() => lock?.release());
  }
}

async function makeFolder({ folder, settings }: TrainRunOptions): Promise<RunFolder> {
  return folder === undefined ? RunFolder.createNamed("runs", settings.model) : RunFolder.create(folder);
}

/** The configuration comes first: without it a folder is no run. */
async function startFolder(folder: RunFolder, event: StartEvent, settings: RunSettings): Promise<void> {
  const data = settings.data === FASHION_MNIST ? settings.data : resolve(settings.data);
  await folder.writeConfig({ ...settings, data, batchSize: event.batchSize });
  const { threads, relaxedSimd, arenaBytes } = event;
  await folder.writeEnvironment({
    ...describeEnvironment(),
    startedAt: new Date().toISOString(),
    threads,
    relaxedSimd,
    arenaBytes,
  });
}
