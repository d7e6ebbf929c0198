import { fashionMnist } from "../../core/data/fashion-mnist.js";
import type { TrainEvent } from "../../core/training/events.js";
import { aboutTime, duration, percent, plural } from "../../core/words.js";
import { type ReproductionPart, reproductionParts } from "../../reproduction/plan/experiments.js";
import { planLengths } from "../../reproduction/plan/plan.js";
import type { TrialRecord } from "../../reproduction/plan/trial.js";
import { secondsOf } from "../../reproduction/results/measures.js";
import { quickLimit } from "../../reproduction/run/data.js";
import {
  planReproduction,
  type ReproduceOptions,
  type ReproductionEvent,
  type ReproductionOptions,
  type ReproductionProgress,
  reproduce,
} from "../../reproduction/run/reproduce.js";
import { secondsAtOnce } from "../../study/study.js";
import { chooseName, wholeNumber } from "../arguments.js";
import { interruptible } from "../interruption.js";
import { shellPath, shellWord } from "../shell-word.js";
import type { Terminal } from "../terminal.js";
import { painter, warner } from "../view/paint.js";
import { TrainingProgress } from "../view/progress.js";
import { planLine, planTable, trialTable } from "../view/reproduction-plan.js";
import { RunningTrials } from "../view/running-trials.js";
import { dataProgressLines } from "./data.js";

export interface ReproduceCommandOptions {
  readonly part: string;
  readonly epochs?: number;
  /** A list such as `1,2,3`. */
  readonly seeds?: string;
  readonly quick?: boolean;
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly threads?: number;
  readonly parallel?: number;
  readonly data: string;
}

/** Runs the paper's experiments, or says what would be run. */
export async function reproduceCommand(options: ReproduceCommandOptions, terminal: Terminal): Promise<void> {
  const { epochs, quick = false, threads, parallel = 1, data } = options;
  const part: ReproductionPart = chooseName("part of the reproduction", options.part, reproductionParts);
  const seeds = options.seeds === undefined ? undefined : readSeeds(options.seeds);
  const folder = options.out ?? (quick ? "reproduction-quick" : "reproduction");
  const onProgress = dataProgressLines(terminal);
  const wanted: ReproductionOptions = {
    folder,
    plan: { part, epochs, seeds },
    data,
    quick,
    loading: { onProgress },
  };
  if (quick) terminal.stderr(quickWarning(terminal, epochs));
  if (options.dryRun) {
    const progress = await planReproduction(wanted);
    terminal.stdout(trialTable(progress));
    terminal.stdout("");
    terminal.stdout(`${folder}: ${planLine(progress, parallel)}`);
    return;
  }
  const show = eventLines(terminal, folder, parallel);
  const writeOutputs: ReproduceOptions["writeOutputs"] = async (...outputs) =>
    (await import("../../reproduction/outputs.js")).writeOutputs(...outputs);
  const goOn = `Go on with the same command:\n  ${commandLineOf(options)}`;
  await interruptible({
    work: (signal) => reproduce({ ...wanted, threads, parallel, signal, onEvent: show, writeOutputs }),
    tell: terminal.stderr,
    whereItStands: (result) => {
      if (!result) return `Interrupted before a trial began; ${folder} is as it was.\n${goOn}`;
      const { stoppedAt, progress } = result;
      if (!stoppedAt) return undefined;
      return `Interrupted at ${stoppedAt.id}. What is done is kept in ${folder}: ${planLine(progress, parallel)}.\n${goOn}`;
    },
  });
  terminal.stdout(`All of it is done and kept in ${folder}.`);
  if (quick) terminal.stderr(quickWarning(terminal, epochs));
}

/** @throws UsageError on what is no list of whole numbers. */
function readSeeds(text: string): number[] {
  const read = wholeNumber("--seeds", 0);
  return text.split(",").map((each) => read(each.trim()));
}

function quickWarning(terminal: Terminal, epochs: number = planLengths.quick.epochs): string {
  const warning = painter(terminal.errorColour)("yellow", "This is not the reproduction:");
  return `${warning} --quick trains on at most ${plural(quickLimit, "image")} for at most ${plural(epochs, "epoch")}, to see everything work. Its figures mean nothing.`;
}

/**
 * Shows what goes on, a line a trial on stdout: training as `heddle train` does, or where several trials train at once
 * how far each has come.
 */
function eventLines(
  terminal: Terminal,
  folder: string,
  parallel: number,
): (event: ReproductionEvent) => void {
  const several = parallel > 1;
  let training = new TrainingProgress(terminal);
  const running = new RunningTrials(terminal);
  const warn = warner(terminal);
  const show = (event: ReproductionEvent): void => {
    switch (event.event) {
      case "warning":
        warn(event.message);
        break;
      case "plan":
        terminal.stderr(`${folder}: ${planLine(event.progress, parallel)}`);
        terminal.stderr(planTable(event.progress, parallel));
        break;
      case "trial": {
        const line = `${event.trial.id}, of ${planLine(event.progress, parallel)}`;
        terminal.stderr(several ? line : `\n${line}`);
        training = new TrainingProgress(terminal);
        running.begin(event.trial);
        break;
      }
      case "checkpoint":
        for (const reason of event.passedOver) warn(reason);
        terminal.stderr(`${several ? `${event.trial.id}: ` : ""}${goingOn(event.epochsDone)}`);
        break;
      case "training":
        if (several) running.show(event.trial, event.training);
        else showTraining(terminal, training, event.training);
        break;
      case "done":
        terminal.stdout(`${resultLine(event.record)}; ${whatIsLeft(event.progress, parallel)}`);
        running.end(event.trial);
        break;
    }
  };
  return (event) => {
    show(event);
    if (several) running.draw();
  };
}

function showTraining(terminal: Terminal, training: TrainingProgress, event: TrainEvent): void {
  training.show(event);
  if (event.event === "end" && event.reason === "finished") terminal.stderr("Judging the best weights …");
}

const goingOn = (epochsDone: number): string =>
  epochsDone === 0 ? "Beginning with the first epoch" : `Going on after epoch ${epochsDone}`;

/** `adamw-proposed-128-seed1: validation 92.31 %, test 92.10 %, 12 min 18 s` */
function resultLine({ id, history, bestEpoch, test, outcome }: TrialRecord): string {
  const shown = (share: number | undefined): string => (share === undefined ? "none" : percent(share));
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  return [
    `${id}: ${outcome === "diverged" ? `diverged after epoch ${history.length}, ` : ""}validation ${shown(best?.validationAccuracy)}`,
    `test ${shown(test?.accuracy)}`,
    duration(secondsOf({ history })),
  ].join(", ");
}

function whatIsLeft(progress: ReproductionProgress, parallel: number): string {
  const { trials, undecided } = progress;
  const left =
    trials.filter(({ state }) => state !== "done").length +
    undecided.reduce((sum, { count }) => sum + count, 0);
  return left === 0
    ? "none left"
    : `${plural(left, "trial")} left, ${aboutTime(secondsAtOnce(progress, parallel))}`;
}

/** The command that goes on with this one. */
function commandLineOf(options: ReproduceCommandOptions): string {
  const { part, epochs, seeds, quick, out, threads, parallel, data } = options;
  return [
    `heddle reproduce ${part}`,
    ...(epochs === undefined ? [] : [`--epochs ${epochs}`]),
    ...(seeds === undefined ? [] : [`--seeds ${shellWord(seeds)}`]),
    ...(quick ? ["--quick"] : []),
    ...(out === undefined ? [] : [`--out ${shellPath(out)}`]),
    ...(threads === undefined ? [] : [`--threads ${threads}`]),
    ...(parallel === undefined ? [] : [`--parallel ${parallel}`]),
    ...(data === fashionMnist ? [] : [`--data ${shellPath(data)}`]),
  ].join(" ");
}
