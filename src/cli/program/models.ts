import type { Command } from "commander";
import { modelNames } from "../../core/models/index.js";
import { listed } from "../../core/words.js";
import { wholeNumber } from "../arguments.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle models`. */
export function addModels(program: Command, terminal: Terminal): void {
  const command = program
    .command("models")
    .description("list the models, or show one's layers, the memory that it takes, and why it is built so")
    .argument("[name]", listed(modelNames, "or"))
    .option(
      "--batch-size <n>",
      "images a step whose memory is planned (default: 128)",
      wholeNumber("--batch-size", 1),
    )
    .action(async (name: string | undefined, options) =>
      (await import("../commands/models.js")).modelsCommand({ name, ...options }, terminal),
    );
  example(command, "heddle models resNet20 --batch-size 64");
}
