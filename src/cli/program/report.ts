import type { Command } from "commander";
import { addOtherDataOptions } from "../data-flags.js";
import { example } from "../example.js";
import type { Terminal } from "../terminal.js";
import { addThreads } from "./threads-flag.js";

/** `heddle report`. */
export function addReport(program: Command, terminal: Terminal): void {
  const command = addThreads(
    program
      .command("report")
      .description("write one run, or several side by side, as a page that needs no network"),
  )
    .argument("<run...>", "folders of the runs")
    .option("--out <file>", "where to write (default: report.html, in the run's folder where it is one run)");
  addOtherDataOptions(command, "another data set than the runs' own to judge them on")
    .option("--overwrite", "let --out replace a file that is no report")
    .action(async (runs: string[], options) =>
      (await import("../commands/report.js")).reportCommand({ runs, ...options }, terminal),
    );
  example(command, "heddle report runs/first runs/second --out both.html");
}
