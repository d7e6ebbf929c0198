import { HeddleError } from "../core/errors.js";
import type { EndEvent, EpochRecord, TrainEvent } from "../core/training/events.js";
import type { DataKindName } from "../node/data/kind-names.js";
import type { OnDataProgress } from "../node/data/progress.js";
import { resumeRun, trainRun } from "../node/runs.js";
import type { TensorBoardWriter } from "../node/tensorboard/tensorboard-writer.js";
import type { ChosenCheckpoint } from "../run/checkpoints.js";
import type { TrainRunResult } from "../run/follow-run.js";
import type { RunConfig } from "../run/run-config.js";
import type { OnRunEvent } from "../run/run-options.js";
import { dataProgressLines } from "./commands/data.js";
import { interruptible } from "./interruption.js";
import type { RunChoice } from "./run-choice.js";
import { shellPath } from "./shell-word.js";
import type { Terminal } from "./terminal.js";
import { beginningLines, headWords } from "./view/beginning.js";
import { dataFacts } from "./view/data-facts.js";
import { warner } from "./view/paint.js";
import { TrainingProgress } from "./view/progress.js";

export interface RunTrainingOptions {
  /** Of a new run, and where to keep it; or the folder of a run to go on with, and where its images are by now. */
  readonly run: { readonly settings: RunChoice; readonly folder?: string } | ResumedRun;
  readonly threads?: number;
  /** Folder for TensorBoard's event files. */
  readonly tensorboard?: string;
  /** Whether stdout gets a JSON object for the start, each epoch and the end. */
  readonly json?: boolean;
  /** What a signal leaves to be said of a command that is more than this run. */
  readonly stopped?: {
    /** Beside how to go on with the run. */
    readonly kept?: (folder: string) => string;
    /** Where the run came to its end all the same, and more was to come. */
    readonly whole?: (folder: string) => string;
    /** Where no run began (default: the same command begins again). */
    readonly unbegun?: string;
  };
}

export interface ResumedRun {
  readonly resume: string;
  readonly data?: string;
  readonly dataKind?: DataKindName;
}

/** A run that went to its end, so its best weights were judged. */
export type FinishedRun = TrainRunResult & Required<Pick<TrainRunResult, "evaluation">>;

/**
 * Trains before the user's eyes: progress on stderr, a signal stops in good order.
 *
 * @throws InterruptedError after a signal. @throws HeddleError where training diverged or could not go on.
 */
export async function runTraining(options: RunTrainingOptions, terminal: Terminal): Promise<FinishedRun> {
  const { run, threads, tensorboard, json = false, stopped = {} } = options;
  const progress = new TrainingProgress(terminal);
  const tell = (value: object): void => terminal.stdout(JSON.stringify(value));
  const onProgress = dataProgressLines(terminal);
  const onWarning = warner(terminal);
  const board = tensorboard === undefined ? undefined : await boardIn(tensorboard, onWarning);
  const onEvent: OnRunEvent = (event, about) => {
    const { folder, config, dataset } = about;
    if (event.event === "start") {
      const weighted = config.classWeights !== undefined;
      if (config.body) terminal.stderr(headWords(config.body));
      for (const line of dataFacts(dataset, { ...event, weighted })) terminal.stderr(line);
    }
    if (json && event.event === "start") tell(startLine(event, config, folder));
    if (json && event.event === "epoch") tell({ event: "epoch", ...recordOf(event) });
    progress.show(event);
    board?.onEvent(event, about);
    if (event.event === "end" && isWhole(event)) terminal.stderr("Judging the best weights …");
  };
  const onCheckpoint = (chosen: ChosenCheckpoint | undefined): void => {
    for (const reason of chosen?.passedOver ?? []) onWarning(reason);
    terminal.stderr(
      chosen
        ? `Going on after epoch ${chosen.checkpoint.position.epochsDone}, from ${chosen.file}`
        : "No epoch of it ended: beginning with the first",
    );
  };
  const work = async (signal: AbortSignal): Promise<TrainRunResult> => {
    terminal.stderr(
      "resume" in run
        ? `Going on with ${run.resume} …`
        : `Training ${modelName(run.settings.model)} on ${run.settings.data} …`,
    );
    const onBeginning = beginningLines(terminal);
    const common = { threads, signal, onEvent, onWarning, onBeginning };
    const result = await ("resume" in run
      ? resumeRun({ ...common, folder: run.resume, ...imagesOf(run, onProgress), onCheckpoint })
      : trainRun({ ...common, ...run.settings, folder: run.folder, loading: { onProgress } }));
    await board?.finish(result);
    if (json) tell(endLine(result));
    return result;
  };
  const whereItStands = (result?: TrainRunResult): string | undefined => {
    if (!result) return stopped.unbegun ?? nothingChanged(run);
    const kept = whatIsKept(result, resumeLine(result.folder, run));
    if (kept) return stopped.kept ? `${kept}\n${stopped.kept(result.folder)}` : kept;
    return result.evaluation && stopped.whole?.(result.folder);
  };
  return requireFinished(await interruptible({ work, tell: terminal.stderr, whereItStands }));
}

/** Where the images of a run that goes on are. */
const imagesOf = ({ data, dataKind: kind }: ResumedRun, onProgress: OnDataProgress) => ({
  ...(data !== undefined && { data }),
  loading: { onProgress, ...(kind && { kind }) },
});

/** What goes on with a run, from the images that it is trained on now. */
function resumeLine(folder: string, run: RunTrainingOptions["run"]): string {
  const { data, dataKind } = "resume" in run ? run : {};
  const flags = [data && ` --data ${shellPath(data)}`, dataKind && ` --data-kind ${dataKind}`];
  return `heddle train --resume ${shellPath(folder)}${flags.join("")}`;
}

/** What it needs takes a tenth of a second to load. */
async function boardIn(folder: string, onWarning: (message: string) => void): Promise<TensorBoardWriter> {
  const { tensorboardWriter } = await import("../node/tensorboard/tensorboard-writer.js");
  return tensorboardWriter(folder, { onWarning });
}

const modelName = (model: RunChoice["model"]): string =>
  typeof model === "string" ? model : "name" in model ? model.name : "a graph";

function nothingChanged(run: RunTrainingOptions["run"]): string {
  return "resume" in run
    ? `Interrupted before training went on; ${run.resume} is as it was. Go on with the run with\n  ${resumeLine(run.resume, run)}`
    : "Interrupted before training began: nothing is kept, and the same command begins again.";
}

/** Undefined of a run that is whole. */
function whatIsKept({ end, folder, evaluation }: TrainRunResult, goOn: string): string | undefined {
  if (end.reason === "aborted") {
    return (
      `Interrupted after ${end.stepsDone} steps. The weights of this moment are in ${folder}/interrupted.safetensors; look at them with\n` +
      `  heddle evaluate ${shellPath(folder)} --weights interrupted\n` +
      `and go on with the run with\n  ${goOn}`
    );
  }
  if (!isWhole(end) || evaluation) return undefined;
  return `Interrupted while the best weights were judged. ${end.reason === "finished" ? "All" : `The ${end.epochsDone}`} epochs are kept in ${folder}; judge them with\n  ${goOn}`;
}

/** Whether it trained to its end, be that an early stop. */
const isWhole = ({ reason }: EndEvent): boolean => reason === "finished" || reason === "stopped early";

function requireFinished(result: TrainRunResult): FinishedRun {
  const { end, folder, evaluation } = result;
  if (end.reason === "diverged") {
    const kept =
      end.epochsDone > 0
        ? `The weights up to epoch ${end.epochsDone} are in ${folder}.`
        : `No epoch ended, so ${folder} holds no weights.`;
    throw new HeddleError(`${end.message} ${kept}`);
  }
  if (!evaluation) throw new Error("A finished run came without an evaluation.");
  return { ...result, evaluation };
}

function startLine(
  event: Extract<TrainEvent, { event: "start" }>,
  { model, data, seed }: RunConfig,
  run: string,
): object {
  const { event: _, ...figures } = event;
  return { event: "start", run, model, data, seed, ...figures };
}

function recordOf(event: EpochRecord): EpochRecord {
  const { epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate, seconds } =
    event;
  return { epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate, seconds };
}

function endLine({ end, folder, history, evaluation }: TrainRunResult): object {
  const { message, ...figures }: EndEvent = end;
  const best = history.find(({ epoch }) => epoch === end.bestEpoch);
  return {
    ...figures,
    run: folder,
    bestValidationAccuracy: best?.validationAccuracy ?? null,
    testAccuracy: evaluation?.accuracy ?? null,
    testLoss: evaluation?.loss ?? null,
    ...(message && { message }),
  };
}
