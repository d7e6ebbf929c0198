import type { Command } from "commander";
import { addDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";

/** `heddle data`. */
export function addData(program: Command, terminal: Terminal): void {
  const command = addDataOptions(
    program
      .command("data")
      .description("fetch a data set where needed, check it, say where it came from and what is in it"),
  )
    .option("--json", "the same as one JSON object on stdout")
    .action(async (options) => (await import("../commands/data.js")).dataCommand(options, terminal));
  example(command, "heddle data --data fashion-mnist");
}
