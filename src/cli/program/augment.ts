import type { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import { addDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle augment`. */
export function addAugment(program: Command, terminal: Terminal): void {
  const command = addDataOptions(
    program
      .command("augment")
      .description(
        "draw what an augmentation does: training images as they are, then as they come in each epoch",
      ),
  )
    .argument("<list>", "as train --augment takes it, such as flip,shift=2,reflect")
    .option("--out <file>", "where to write", "augmentation.png")
    .option("--images <n>", "rows: the first training images", wholeNumber("--images", 1, 100), 8)
    .option("--epochs <n>", "columns", wholeNumber("--epochs", 1, 100), 8)
    .option("--seed <n>", "the training's", wholeNumber("--seed", 0), 1)
    .option("--overwrite", "let --out replace a file")
    .action(async (augmentation: string, options) =>
      (await import("../commands/augment.js")).augmentCommand({ augmentation, ...options }, terminal),
    );
  example(command, "heddle augment flip,shift=2,reflect,erase --out augmentation.png");
}
