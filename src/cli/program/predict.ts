import type { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle predict`. */
export function addPredict(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program.command("predict").description("name pictures with a run's weights or a model file, a line each"),
  )
    .argument("<model>", "folder of a run, or a model file")
    .argument(
      "[images...]",
      "files, folders, patterns such as 'photos/**/*.jpg', or - for a picture on stdin",
    )
    .option("--files-from <file>", "read names from a file, or - for stdin: one a line, or each ended by NUL")
    .option("--top <k>", "tell the k most probable classes", wholeNumber("--top", 1), 1)
    .option("--weights <name>", "of a run: best, last or interrupted (default: best)")
    .option("--invert", "let light and dark change places, as for a model of garments on a dark ground")
    .option("--explain <dir>", "write each picture with a heat map of where its class is seen, as PNG")
    .option("--overwrite", "let --explain replace files")
    .option("--json", "one JSON object a picture")
    .option("--csv", "a row for each class that is told")
    .action(async (model: string, images: string[], options) =>
      (await import("../commands/predict.js")).predictCommand({ model, images, ...options }, terminal),
    );
  example(command, "heddle predict runs/first photos --top 3 --explain maps");
}
