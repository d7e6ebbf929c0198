import type { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import { addOtherDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle verify`. */
export function addVerify(program: Command, terminal: Terminal): void {
  const verify = program
    .command("verify")
    .description(
      "train a run again, from its folder or its receipt, and say whether it is the same to the byte",
    );
  const command = addThreads(verify)
    .argument("<run|receipt>", "folder of a run, or a receipt.json")
    .option("--epochs <n>", "train only so many of its epochs again", wholeNumber("--epochs", 1));
  addOtherDataOptions(command, "where its images are now, if not where they were")
    .option("--from <file>", "of a receipt of a run on a body: the first.safetensors that it began with")
    .option(
      "--teacher <file>",
      "of a receipt of a run with a teacher: the teacher.safetensors that it learned from",
    )
    .option("--json", "what came of it as one JSON object on stdout")
    .action(async (of: string, options) =>
      (await import("../commands/verify.js")).verifyCommand({ of, ...options }, terminal),
    );
  example(command, "heddle verify runs/first --epochs 2");
  example(command, "heddle verify receipt.json --data fashion-mnist");
}
