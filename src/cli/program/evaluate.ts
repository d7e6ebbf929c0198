import type { Command } from "commander";
import { addOtherDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle evaluate`. */
export function addEvaluate(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program.command("evaluate").description("judge a run's weights on the test images"),
  ).argument("<run>", "folder of the run");
  addOtherDataOptions(command, "another data set than the run's own")
    .option("--weights <name>", "best, last or interrupted", "best")
    .option(
      "--views <list>",
      "take the mean over views of each image: flip,shift=1, or none (default: the run's own)",
    )
    .option("--predictions <file>", "write each image's prediction as CSV, of pictures with their files")
    .option("--overwrite", "let --predictions replace a file")
    .option("--json", "the evaluation as one JSON object on stdout")
    .action(async (run: string, options) =>
      (await import("../commands/evaluate.js")).evaluateCommand({ run, ...options }, terminal),
    );
  example(command, "heddle evaluate runs/first --predictions predictions.csv");
}
