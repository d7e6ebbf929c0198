import { clock, percent } from "../../core/words.js";
import { listRuns } from "../../node/runs.js";
import type { RunSummary } from "../../run/list-runs.js";
import { plainTable } from "../view/plain-table.js";
import { visibleLine } from "../view/visible.js";
import type { CommandOutput } from "./output.js";

export interface RunsCommandOptions {
  readonly folder: string;
  readonly json?: boolean;
}

/** A table of the runs in a folder, oldest first. */
export async function runsCommand(options: RunsCommandOptions, out: CommandOutput): Promise<void> {
  const runs = await listRuns(options.folder);
  if (options.json) {
    for (const run of runs) out.stdout(JSON.stringify(run));
    return;
  }
  if (runs.length === 0) {
    out.stdout(`There are no runs in ${options.folder}. \`heddle train\` makes one.`);
    return;
  }
  out.stdout(
    plainTable(
      [
        { head: "Run", align: "left" },
        { head: "When (UTC)", align: "left" },
        { head: "Model", align: "left" },
        { head: "Epochs", align: "right" },
        { head: "Best validation", align: "right" },
        { head: "Test", align: "right" },
        { head: "Time", align: "right" },
      ],
      runs.map(cellsOf),
    ),
  );
  for (const { folder, problem } of runs) {
    if (problem !== undefined) out.stderr(`${visibleLine(folder)}: ${problem}`);
  }
}

function cellsOf(run: RunSummary): string[] {
  return [
    run.folder,
    run.startedAt?.slice(0, 16).replace("T", " ") ?? "–",
    run.model ?? "–",
    run.epochs === undefined
      ? "–"
      : `${run.epochsDone}/${run.epochs}${run.stoppedEarly ? ", stopped early" : ""}`,
    percent(run.bestValidationAccuracy),
    percent(run.testAccuracy),
    run.epochsDone > 0 ? clock(run.seconds) : "–",
  ];
}
