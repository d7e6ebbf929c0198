import type { Command } from "commander";
import { listed } from "../../core/words.js";
import { exportFormatNames } from "../../export/formats.js";
import { example } from "../example.js";
import { addExportOptions } from "../export-flags.js";
import type { Terminal } from "../terminal.js";

/** `heddle export`. */
export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command("export")
    .description("take a run's weights or a model file elsewhere")
    .argument("<model>", "folder of a run, or a model file")
    .requiredOption("--format <name>", listed(exportFormatNames, "or"))
    .requiredOption("--out <path>", "the file or folder to write")
    .option("--weights <name>", "of a run: best, last or interrupted (default: best)");
  addExportOptions(command)
    .option("--overwrite", "let --out replace a file, or a folder that was exported")
    .action(async (model: string, options) =>
      (await import("../commands/export.js")).exportCommand({ model, ...options }, terminal),
    );
  example(command, "heddle export runs/first --format onnx --output probabilities --out first.onnx");
}
