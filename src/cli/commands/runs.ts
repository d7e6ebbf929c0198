import { clock, percent } from "../../core/words.js";
import { listRuns } from "../../node/runs.js";
import type { RunSummary } from "../../run/list-runs.js";
import { type RunFilter, type RunSortName, selectRuns } from "../../run/select-runs.js";
import { plainTable } from "../view/plain-table.js";
import { visibleLine } from "../view/visible.js";
import type { CommandOutput } from "./output.js";

export interface RunsCommandOptions {
  readonly folder: string;
  readonly model?: string;
  readonly where?: readonly RunFilter[];
  readonly sort?: RunSortName;
  readonly reverse?: boolean;
  readonly json?: boolean;
}

/** A table of the runs in a folder, oldest first unless told otherwise. */
export async function runsCommand(options: RunsCommandOptions, out: CommandOutput): Promise<void> {
  const { folder, model, where = [], sort, reverse, json } = options;
  const all = await listRuns(folder);
  const ofModel: readonly RunFilter[] =
    model === undefined ? [] : [{ key: "model", operator: "=", value: model }];
  const runs = selectRuns(all, { where: [...ofModel, ...where], sort, reverse });
  if (json) {
    for (const run of runs) out.stdout(JSON.stringify(run));
    return;
  }
  if (runs.length === 0) {
    out.stdout(
      all.length === 0
        ? `There are no runs in ${folder}. \`heddle train\` makes one.`
        : `None of the ${all.length} runs in ${folder} is such a one.`,
    );
    return;
  }
  const noted = runs.some(({ note }) => note !== undefined);
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
        ...(noted ? [{ head: "Note", align: "left" } as const] : []),
      ],
      runs.map((run) => [...cellsOf(run), ...(noted ? [noteCell(run)] : [])]),
    ),
  );
  for (const { folder, problem } of runs) {
    if (problem !== undefined) out.stderr(`${visibleLine(folder)}: ${problem}`);
  }
}

/** A note's first line as far as there is room; `--json` has it whole. */
const widestNote = 48;

function noteCell({ note = "" }: RunSummary): string {
  const [line] = note.split("\n");
  return line.length > widestNote || line !== note ? `${line.slice(0, widestNote - 1)}…` : line;
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
