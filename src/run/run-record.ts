import { HeddleError } from "../core/errors.js";
import type { EpochRecord } from "../core/training/events.js";
import { isAtEnd } from "./at-end.js";
import { epochsDone } from "./epochs-done.js";
import { evaluateRun } from "./evaluate-run.js";
import type { RunEvaluation } from "./evaluation-schema.js";
import type { RunHost } from "./host.js";
import type { RunPredictions } from "./predictions-file.js";
import type { Receipt } from "./receipt/receipt.js";
import type { RunConfig } from "./run-config.js";
import { type RunEnvironment, RunFolder } from "./run-folder.js";
import type { Store } from "./store.js";

export type { RunEvaluation, RunPredictions };

/** All that a report knows of one run. */
export interface RunRecord {
  /** How tables and legends call it. */
  readonly name: string;
  readonly config: RunConfig;
  readonly environment?: Partial<RunEnvironment>;
  readonly history: readonly EpochRecord[];
  /** What others compare who repeat it; of a run that has one that is whole. */
  readonly receipt?: Receipt;
  /** What somebody wanted to remember of it. */
  readonly note?: string;
  /** Of its best weights on the test images. */
  readonly evaluation?: RunEvaluation;
  /** Left out where the images were not at hand, and the evaluation is the one that was kept at its end. */
  readonly predictions?: RunPredictions;
  /** Why it has no evaluation. */
  readonly unjudged?: string;
}

/** What a run is called, and how it is judged. */
export interface ReadRunRecordOptions {
  /** How to call it. */
  readonly name: string;
  /** Another data set to judge on (default: the run's own). */
  readonly data?: string | undefined;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /**
   * Takes the judgement that was kept at its end, where it was, so that no images are needed; the record has no predictions
   * then (default false).
   */
  readonly kept?: boolean | undefined;
  /** Told before the run's weights are judged. */
  readonly onJudging?: ((name: string) => void) | undefined;
}

/**
 * Reads a run and, where its training came to an end, judges its best weights on the test images. A run that did not
 * comes without an evaluation, and `unjudged` says why; one whose images a program handed over comes with the
 * evaluation that it has, and so does one whose weights are gone, with its predictions where it kept them.
 *
 * @param host asked for a data set only where something is to be judged
 * @throws HeddleError when there is no run, when a file of it is damaged, or when the data doesn't fit its model.
 */
export async function readRunRecord(
  store: Store,
  options: ReadRunRecordOptions,
  host: RunHost,
): Promise<RunRecord> {
  const { name, data, threads, kept = false, onJudging } = options;
  const folder = await RunFolder.open(store);
  const config = await folder.readConfig();
  const history = await folder.readHistory();
  const environment: Partial<RunEnvironment> | undefined = await folder.readEnvironment();
  const receipt = await wholeReceipt(folder);
  const note = await folder.readNote();
  const known = { ...(receipt && { receipt }), ...(note !== undefined && { note }) };
  const course = { name, config, environment, history, ...known };
  const unfinished = await reasonNotToJudge(folder, config, history);
  if (unfinished !== undefined) return { ...course, unjudged: unfinished };
  const isThere = await folder.hasWeights("best");
  if ((config.ownData || kept || !isThere) && data === undefined) {
    const evaluation = await folder.readWholeEvaluation();
    const predictions = isThere ? undefined : await folder.readPredictions();
    if (evaluation) return { ...course, evaluation, ...(predictions && { predictions }) };
    if (config.ownData)
      return { ...course, unjudged: "the images that a program handed over are not at hand." };
  }
  if (!isThere) return { ...course, unjudged: "its best weights, best.safetensors, are gone." };
  onJudging?.(name);
  const { evaluation, probabilities, labels } = await evaluateRun(store, { data, threads }, host);
  return { ...course, evaluation, predictions: { probabilities, labels } };
}

/** A damaged one proves nothing, and is no reason to show nothing else. */
async function wholeReceipt(folder: RunFolder): Promise<Receipt | undefined> {
  try {
    return await folder.readReceipt();
  } catch (error) {
    if (error instanceof HeddleError) return undefined;
    throw error;
  }
}

/** Why there is nothing to judge yet. */
async function reasonNotToJudge(
  folder: RunFolder,
  config: RunConfig,
  history: readonly EpochRecord[],
): Promise<string | undefined> {
  if (await isAtEnd(folder, config, history)) return undefined;
  return `${epochsDone(history)} of its ${config.epochs} epochs are done: it is still training, was stopped, or diverged.`;
}
