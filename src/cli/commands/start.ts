import { counted, duration, figure, percent } from "../../core/words.js";
import { runTraining } from "../run-training.js";
import type { Terminal } from "../terminal.js";
import { type TrainingFlags, trainingSettings } from "../training-settings.js";
import { confusionTable } from "../view/confusion-table.js";
import { classTable } from "../view/evaluation-tables.js";

export interface StartCommandOptions {
  readonly threads?: number;
  readonly run?: string;
}

/** The protocol of `heddle train`, but for five epochs, for which a faster start is best on the validation images. */
const firstRun: TrainingFlags = {
  model: "proposed",
  data: "fashion-mnist",
  epochs: 5,
  optimizer: "adam",
  schedule: "dynamic",
  learningRate: 0.003,
  labelSmoothing: 0,
  seed: 1,
  splitSeed: 1,
};

/** A first look: trains the paper's Proposed CNN for five epochs and shows how good it is. */
export async function startCommand(options: StartCommandOptions, terminal: Terminal): Promise<void> {
  const settings = trainingSettings(firstRun);
  const { run, threads } = options;
  const { folder, end, evaluation } = await runTraining(
    { run: { settings, folder: run }, threads },
    terminal,
  );
  const { stdout, colour } = terminal;
  stdout("");
  stdout(
    `Test accuracy ${percent(evaluation.accuracy)} on ${counted(evaluation.n)} images, loss ${figure(evaluation.loss)}`,
  );
  stdout("");
  stdout(classTable(evaluation, colour));
  stdout("");
  stdout(confusionTable(evaluation, colour));
  stdout("");
  stdout(`Trained in ${duration(end.seconds)}, kept in ${folder}. Three commands to try next:`);
  stdout(`  npx heddle evaluate ${folder} --predictions predictions.csv`);
  stdout("  npx heddle train --model lenet --epochs 10 --augment flip,shift=2");
  stdout("  npx heddle schedule dynamic --learning-rate 0.1");
}
