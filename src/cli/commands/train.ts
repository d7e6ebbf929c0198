import type { Terminal } from "../terminal.js";
import { type TrainingFlags, trainingSettings } from "../training-settings.js";
import { headlineFigures } from "../view/evaluationTables.js";

export interface TrainCommandOptions extends TrainingFlags {
  readonly threads?: number;
  readonly run?: string;
  readonly json?: boolean;
}

/** Trains a model, keeps it in a run folder, and judges its best weights on the test set once. */
export async function trainCommand(options: TrainCommandOptions, terminal: Terminal): Promise<void> {
  const settings = trainingSettings(options);
  const { run, threads, json } = options;
  // Mistakes in the options answer before all of training is loaded.
  const { runTraining } = await import("../run-training.js");
  const { folder, end, evaluation } = await runTraining({ settings, folder: run, threads, json }, terminal);
  if (json) return;
  terminal.stdout(`On the test set, with the weights of epoch ${end.bestEpoch} of ${end.epochsDone}:`);
  terminal.stdout(headlineFigures(evaluation, terminal.colour));
  terminal.stdout("");
  terminal.stdout(`Kept in ${folder}. Every class and the confusion matrix: heddle evaluate ${folder}`);
}
