import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { counted, duration, figure, percent } from "../../core/words.js";
import { recipes } from "../../recipes/index.js";
import { runTraining } from "../run-training.js";
import { shellPath } from "../shell-word.js";
import type { Terminal } from "../terminal.js";
import { confusionTable } from "../view/confusion-table.js";
import { classTable } from "../view/evaluation-tables.js";

export interface StartCommandOptions {
  readonly threads?: number;
  readonly run?: string;
}

/** A first look: trains the recipe that is soonest good on the real images, and shows how good it is. */
export async function startCommand(options: StartCommandOptions, terminal: Terminal): Promise<void> {
  const settings = { ...recipes.swift.settings, data: fashionMnist };
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
  stdout(
    `Trained in ${duration(end.seconds)} by the recipe swift, kept in ${folder}. Three commands to try next:`,
  );
  stdout(`  npx heddle evaluate ${shellPath(folder)} --predictions predictions.csv`);
  stdout("  npx heddle recipes");
  stdout("  npx heddle schedule dynamic --learning-rate 0.1");
}
