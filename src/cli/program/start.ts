import type { Command } from "commander";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle start`. */
export function addStart(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program
      .command("start")
      .description(
        "train the recipe swift on Fashion-MNIST, which takes about a minute, and show how good it is",
      ),
  )
    .option("--run <dir>", "folder to keep the run in (default: runs/<UTC time>-<model>)")
    .action(async (options) => (await import("../commands/start.js")).startCommand(options, terminal));
  example(command, "heddle start");
}
