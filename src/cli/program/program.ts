import { Command } from "commander";
import { heddleVersion } from "../../node/version.js";
import type { Terminal } from "../terminal.js";
import { addAudit } from "./audit.js";
import { addAugment } from "./augment.js";
import { addBench } from "./bench.js";
import { addData } from "./data.js";
import { addDiff } from "./diff.js";
import { addEvaluate } from "./evaluate.js";
import { addExport } from "./export.js";
import { addHelp } from "./help.js";
import { addImport } from "./import.js";
import { addLayers } from "./layers.js";
import { addModels } from "./models.js";
import { addPredict } from "./predict.js";
import { addRecipes } from "./recipes.js";
import { addReport } from "./report.js";
import { addReproduce } from "./reproduce.js";
import { addRuns } from "./runs.js";
import { addSchedule } from "./schedule.js";
import { addServe } from "./serve.js";
import { addStart } from "./start.js";
import { addSweep } from "./sweep.js";
import { addTrain } from "./train.js";
import { addVerify } from "./verify.js";

/**
 * The command line: every command, its options and its help. What a command does is imported when it runs, so
 * that help and mistakes answer at once.
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command("heddle")
    .description("Trains and judges small image classifiers, on every core, without a native add-on.")
    .version(heddleVersion())
    .option("--debug", "show the stack trace of an error")
    .helpOption("-h, --help", "show help for a command")
    .helpCommand(false)
    .showHelpAfterError("(heddle --help lists the commands, heddle COMMAND --help their options)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout(text.replace(/\n$/, "")),
      writeErr: (text) => terminal.stderr(text.replace(/\n$/, "")),
    });
  addStart(program, terminal);
  addTrain(program, terminal);
  addEvaluate(program, terminal);
  addPredict(program, terminal);
  addVerify(program, terminal);
  addDiff(program, terminal);
  addModels(program, terminal);
  addRecipes(program, terminal);
  addLayers(program, terminal);
  addSchedule(program, terminal);
  addRuns(program, terminal);
  addReport(program, terminal);
  addData(program, terminal);
  addAugment(program, terminal);
  addAudit(program, terminal);
  addReproduce(program, terminal);
  addSweep(program, terminal);
  addServe(program, terminal);
  addImport(program, terminal);
  addExport(program, terminal);
  addBench(program, terminal);
  addHelp(program);
  return program.hook("preAction", (_, command) => widenVectors(command, terminal));
}

/** Vectors as wide as they come: V8 must be told before a command's first kernel is compiled. */
async function widenVectors(command: Command, terminal: Terminal): Promise<void> {
  if (!command.options.some(({ long }) => long === "--narrow-vectors") || command.opts().narrowVectors)
    return;
  const { widenVectors: widen } = await import("../../node/vector-width.js");
  const { differs, why } = widen();
  if (differs) terminal.stderr(`Vectors stay at 128 bits: ${why}.`);
}
