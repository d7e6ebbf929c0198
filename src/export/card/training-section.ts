import { duration, percent, plural } from "../../core/words.js";
import { environmentTable, settingsTable } from "../../report/blocks/run-tables.js";
import { cellOf, type TableData } from "../../report/table-data.js";
import { bestOf } from "../../run/best-of.js";
import { epochsDone } from "../../run/epochs-done.js";
import type { RunRecord } from "../../run/run-record.js";
import type { ExportSource } from "../export-source.js";
import { dataTitle } from "./front-matter.js";
import { markdownTable, sections } from "./markdown.js";

/** How it was trained, and where. */
export function trainingSection({ run }: ExportSource): string {
  if (!run) return sections("## Training", "How it was trained isn't recorded in a model file.");
  // A card goes to others: where something lies on one's own disk is none of its business.
  const known = { ...run, config: { ...run.config, data: dataTitle(run.config.data) } };
  return sections(
    "## Training",
    course(run),
    markdownTable(withoutLayers(settingsTable([known]))),
    "Where it was trained, none of which changes a result but the time it takes:",
    markdownTable(environmentTable([known])),
  );
}

/** How many there are the card says elsewhere; all of them fill pages. */
const withoutLayers = (table: TableData): TableData => ({
  ...table,
  rows: table.rows.filter(([title]) => cellOf(title).text !== "Layers"),
});

function course({ config, history }: RunRecord): string {
  const best = bestOf(history, config.earlyStopping);
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const done = `${epochsDone(history)} of ${plural(config.epochs, "epoch")} done, in ${duration(seconds)}.`;
  if (!best) return done;
  const validated = Number.isNaN(best.validationAccuracy)
    ? ""
    : `, with ${percent(best.validationAccuracy)} of the validation images right`;
  return `${done} The best was epoch ${best.epoch}${validated}.`;
}
