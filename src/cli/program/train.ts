import type { Command } from "commander";
import { listed } from "../../core/words.js";
import { recipeNames } from "../../recipes/recipe-names.js";
import { chooseName } from "../arguments.js";
import { example } from "../example.js";
import { addTrainingOptions } from "../options.js";
import type { Terminal } from "../terminal.js";
import { readUnfreeze } from "../unfreeze.js";
import { addThreads } from "./threads-flag.js";

/** `heddle train`. */
export function addTrain(program: Command, terminal: Terminal): void {
  const command = program
    .command("train")
    .description("train a model, keep it in a run folder, judge its best weights on the test set");
  addThreads(addTrainingOptions(command))
    .option(
      "--recipe <name|file>",
      `settings that belong together: ${listed(recipeNames, "or")}, or a file of YAML or JSON`,
    )
    .option(
      "--teacher <run|file>",
      "a trained model whose answers stand beside the labels; a recipe's own is trained first",
    )
    .option(
      "--from <file|run>",
      "a trained model to stand on, with a new head for these classes; it goes with recipes of its own",
    )
    .option("--unfreeze <none|n|all>", "what trains with the head of --from (default: all)", readUnfreeze)
    .option(
      "--batch-norm <keep|move>",
      "whether the normalizations of --from stay or train (default: keep)",
      (text) => chooseName("way of batch normalization", text, ["keep", "move"]),
    )
    .option("--run <dir>", "folder to keep the run in, not there yet (default: runs/<UTC time>-<model>)")
    .option(
      "--resume <run>",
      "go on with a run that was stopped, with its own settings, to the same bytes; --data says where its images are now",
    )
    .option("--tensorboard <dir>", "write event files for TensorBoard below this folder")
    .option("--json", "one JSON object a line on stdout: start, each epoch, end")
    .action(async (options) =>
      (await import("../commands/train.js")).trainCommand(options, givenOptions(command), terminal),
    );
  command.addHelpText(
    "after",
    "\nWith --recipe, what isn't given is the recipe's (heddle recipes lists them); with --from,\nand on pictures without --model, it is set for photos: docs/own-pictures.md tells how.\nA flag changes what it says of those settings, --learning-rate the schedule's rate alone;\nanother --schedule or --optimizer takes the place of the whole.",
  );
  example(command, "heddle train --model proposed --epochs 50 --schedule dynamic --learning-rate 0.001");
  example(command, "heddle train --data photos --from body.safetensors");
  example(command, "heddle train --recipe swift");
}

/** The options that stand on the command line, such as `--epochs`. */
function givenOptions(command: Command): string[] {
  return (
    command.options
      .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
      // --nesterov and --no-nesterov are of one value.
      .filter((option) => option.negate === (command.getOptionValue(option.attributeName()) === false))
      .map((option) => option.long ?? option.flags)
  );
}
