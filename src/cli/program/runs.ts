import type { Command } from "commander";
import { listed } from "../../core/words.js";
import { parseRunFilter, type RunFilter, runSortNames } from "../../run/select-runs.js";
import { chooseName } from "../arguments.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle runs` and what is done with them. */
export function addRuns(program: Command, terminal: Terminal): void {
  const command = program
    .command("runs")
    .description("list the runs: when, model, epochs, accuracies, time; delete, rename and note them")
    .argument("[folder]", "folder that holds run folders", "runs")
    .option("--model <name>", "only runs of this model")
    .option(
      "--where <filter>",
      "only runs with this setting or figure: epochs=50, optimizer=adam, accuracy>=0.9; may be given again",
      (text, before: readonly RunFilter[] = []) => [...before, parseRunFilter(text)],
    )
    .option("--sort <name>", `put in order by ${listed(runSortNames, "or")} (default: started)`, (text) =>
      chooseName("order", text, runSortNames),
    )
    .option("--reverse", "the other way around")
    .option("--json", "one JSON object a run on stdout, with its settings")
    .action(async (folder: string, options) =>
      (await import("../commands/runs.js")).runsCommand({ folder, ...options }, terminal),
    );
  example(command, 'heddle runs --model proposed --where "accuracy>=0.9" --sort accuracy');
  addRunsCommands(command, terminal);
}

/** What is done with runs beside listing them. */
function addRunsCommands(runs: Command, terminal: Terminal): void {
  const load = () => import("../commands/manage-runs.js");
  const remove = runs
    .command("delete")
    .description("delete runs: the files that a run has; others stay, and their folder with them")
    .argument("<run...>", "folders of the runs")
    .option("--yes", "without a question")
    .action(async (given: string[], options) =>
      (await load()).deleteRunsCommand({ runs: given, ...options }, terminal),
    );
  example(remove, "heddle runs delete runs/first");
  const rename = runs
    .command("rename")
    .description("give a run's folder another name, where it is")
    .argument("<run>", "folder of the run")
    .argument("<name>", "the new name, without a path")
    .action(async (run: string, name: string) => (await load()).renameRunCommand({ run, name }, terminal));
  example(rename, "heddle runs rename runs/2026-11-26T14-00-00Z-lenet baseline");
  const note = runs
    .command("note")
    .description("keep a note with a run, which its table and report show")
    .argument("<run>", "folder of the run")
    .argument("<text>", "the note, in the place of the one before; an empty one takes it away")
    .action(async (run: string, text: string) =>
      (await load()).noteRunCommand({ run, note: text }, terminal),
    );
  example(note, 'heddle runs note runs/first "before the labels were cleaned"');
}
