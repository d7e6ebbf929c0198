import { HeddleError } from "../core/errors.js";
import { bestOf } from "./best-of.js";
import { hasCheckpoint } from "./checkpoints.js";
import { epochsDone, stoppedEarly } from "./epochs-done.js";
import type { RunConfig, TrainingSettings } from "./run-config.js";
import { RunFolder } from "./run-folder.js";
import type { Store } from "./store.js";

/** A run in a line; what it hasn't got yet is undefined. */
export interface RunSummary {
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly model?: string;
  /** What it was trained on: a name or a path. */
  readonly data?: string;
  readonly epochsDone: number;
  readonly epochs?: number;
  /** Where it stopped before its last epoch because nothing got better. */
  readonly stoppedEarly?: true;
  readonly bestValidationAccuracy?: number;
  readonly testAccuracy?: number;
  /** Of all epochs done. */
  readonly seconds: number;
  /** What somebody wanted to remember of it. */
  readonly note?: string;
  /** How it was trained, but for layers and images. */
  readonly settings?: TrainingSettings;
  /** What is damaged or missing; all that the other files tell is here. */
  readonly problem?: string;
}

/**
 * The runs in a store, oldest first. A damaged one is listed with what is wrong with it.
 *
 * @throws HeddleError when the store can't be read; one that doesn't exist has no runs.
 */
export async function listRuns(runs: Store): Promise<readonly RunSummary[]> {
  const entries = (await runs.list()) ?? [];
  const stores = entries.filter(({ kind }) => kind === "store").map(({ name }) => runs.within(name));
  const summaries = await Promise.all(stores.map(summarizeRun));
  const key = (run: RunSummary): string => `${run.startedAt ?? ""} ${run.folder}`;
  return summaries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function summarizeRun(store: Store): Promise<RunSummary> {
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    if (!(error instanceof HeddleError)) throw error;
    problems.push(error.message);
  };
  const folder = await RunFolder.open(store).catch(note);
  const config = await folder?.readConfig().catch(note);
  if (!folder || !config) {
    return { folder: store.where, epochsDone: 0, seconds: 0, problem: problems.join(" ") };
  }
  // What is damaged in it is noted once.
  const history =
    (await folder.readHistory().catch(note)) ?? (await folder.readWholeHistory().catch(() => []));
  const noted = await folder.readNote().catch(note);
  const best = bestOf(history, config.earlyStopping);
  return {
    folder: store.where,
    startedAt: (await folder.readEnvironment().catch(note))?.startedAt,
    model: config.model,
    data: config.data,
    epochsDone: epochsDone(history),
    epochs: config.epochs,
    ...(stoppedEarly(config, history) && { stoppedEarly: true }),
    ...(best &&
      !Number.isNaN(best.validationAccuracy) && { bestValidationAccuracy: best.validationAccuracy }),
    // Of a run that may go on, what it was judged at once is of other weights than its best.
    testAccuracy: (await hasCheckpoint(store))
      ? undefined
      : (await folder.readEvaluation().catch(note))?.accuracy,
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(noted !== undefined && { note: noted }),
    settings: trainingOf(config),
    ...(problems.length > 0 && { problem: problems.join(" ") }),
  };
}

function trainingOf(config: RunConfig): TrainingSettings {
  const {
    model,
    layers,
    inputShape,
    dropout,
    data,
    dataOptions,
    preparation,
    ownData,
    body,
    teacher,
    ...others
  } = config;
  const { arithmeticVersion, ...training } = others;
  return training;
}
