import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Dataset, Labels } from "../core/data/dataset.js";
import type { Evaluation } from "../core/metrics/evaluation.js";
import type { EpochRecord } from "../core/training/events.js";
import { loadDataset } from "../node/data/load.js";
import { hasCheckpoint } from "../node/run/checkpoints.js";
import { epochsDone } from "../node/run/epochs-done.js";
import { evaluateRun } from "../node/run/evaluate-run.js";
import type { RunConfig } from "../node/run/run-config.js";
import { type RunEnvironment, RunFolder } from "../node/run/run-folder.js";

/** What the test set says of a run, but for the ROC curves: those follow from the predictions. */
export type RunEvaluation = Omit<Evaluation, "roc">;

export interface RunPredictions {
  /** Softmax outputs on the test images, [N, classes]. */
  readonly probabilities: Float32Array;
  /** Their true classes, [N]. */
  readonly labels: Labels;
}

/** All that a report knows of one run. */
export interface RunRecord {
  /** How tables and legends call it. */
  readonly name: string;
  readonly config: RunConfig;
  readonly environment?: Partial<RunEnvironment>;
  readonly history: readonly EpochRecord[];
  /** Of its best weights on the test images. */
  readonly evaluation?: RunEvaluation;
  readonly predictions?: RunPredictions;
  /** Why it has no evaluation. */
  readonly unjudged?: string;
}

export interface ReadRunRecordOptions {
  /** How to call it (default: the folder's name). */
  readonly name?: string;
  /** Another data set to judge on (default: the run's own). */
  readonly data?: string;
  readonly threads?: number;
  /** Gives the data set of a name or folder (default: loads it). Not asked where nothing is to be judged. */
  readonly load?: (data: string) => Promise<Dataset>;
  /** Told before the run's weights are judged. */
  readonly onJudging?: (name: string) => void;
}

/**
 * Reads a run's folder and, where its training came to an end, judges its best weights on the test images. A run
 * that did not, or has lost its weights, comes without an evaluation, and `unjudged` says why.
 *
 * @throws HeddleError when there is no run, when a file of it is damaged, or when the data doesn't fit its model.
 */
export async function readRunRecord(path: string, options: ReadRunRecordOptions = {}): Promise<RunRecord> {
  const { name = basename(resolve(path)), data, threads, load = loadHere, onJudging } = options;
  const folder = await RunFolder.open(path);
  const config = await folder.readConfig();
  const history = await folder.readHistory();
  const environment: Partial<RunEnvironment> | undefined = await folder.readEnvironment();
  const course = { name, config, environment, history };
  const unjudged = await reasonNotToJudge(folder, config, history);
  if (unjudged !== undefined) return { ...course, unjudged };
  onJudging?.(name);
  const dataset = await load(data ?? config.data);
  const { evaluation, probabilities, labels } = await evaluateRun({ folder: path, data, dataset, threads });
  return { ...course, evaluation, predictions: { probabilities, labels } };
}

const loadHere = async (data: string): Promise<Dataset> => (await loadDataset(data)).dataset;

async function reasonNotToJudge(
  folder: RunFolder,
  { epochs }: RunConfig,
  history: readonly EpochRecord[],
): Promise<string | undefined> {
  const done = epochsDone(history);
  if (done < epochs || (await hasCheckpoint(folder.path))) {
    return `${done} of its ${epochs} epochs are done: it is still training, was stopped, or diverged.`;
  }
  return existsSync(join(folder.path, "best.safetensors"))
    ? undefined
    : "its best weights, best.safetensors, are gone.";
}
