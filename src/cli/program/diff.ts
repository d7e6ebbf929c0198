import type { Command } from "commander";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle diff`. */
export function addDiff(program: Command, terminal: Terminal): void {
  const diff = program
    .command("diff")
    .description(
      "say what differs between two runs: settings, data, environment, and from where on their weights",
    );
  const command = addThreads(diff)
    .argument("<first>", "folder of a run")
    .argument("<second>", "folder of another")
    .option("--steps", "train both again as far as they agree, to find the step in which they part")
    .option("--json", "all of it as one JSON object on stdout")
    .action(async (first: string, second: string, options) =>
      (await import("../commands/diff.js")).diffCommand({ first, second, ...options }, terminal),
    );
  example(command, "heddle diff runs/first runs/second --steps");
}
