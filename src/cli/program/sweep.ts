import type { Command } from "commander";
import { maximumThreads } from "../../core/training/compile.js";
import { wholeNumber } from "../arguments.js";
import { addOtherDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle sweep`. */
export function addSweep(program: Command, terminal: Terminal): void {
  const sweep = program
    .command("sweep")
    .description("train many settings against each other, several at once, and find the best on validation");
  const command = addThreads(sweep)
    .argument("<spec>", "what to try, in a file of YAML or JSON: docs/sweep.md tells how")
    .option(
      "--out <dir>",
      "folder to keep it in, or of a sweep to go on with (default: sweeps/<name of the file>)",
    )
    .option(
      "--parallel <n>",
      "trials that train at once (default: one a thread)",
      wholeNumber("--parallel", 1, maximumThreads),
    )
    .option("--dry-run", "list the trials and train none");
  addOtherDataOptions(command, "another data set than the file's").action(async (spec: string, options) =>
    (await import("../commands/sweep.js")).sweepCommand({ spec, ...options }, terminal),
  );
  example(command, "heddle sweep sweep.yaml --out sweeps/first");
}
