import { counted, figure, percent, plural } from "../../core/words.js";
import { classTable, type JudgedRun } from "../../report/blocks/class-table.js";
import { headlineTable } from "../../report/blocks/run-tables.js";
import type { TableData } from "../../report/table-data.js";
import type { RunEvaluation } from "../../run/evaluation-schema.js";
import type { ExportSource } from "../export-source.js";
import { markdownTable, markdownText, sections } from "./markdown.js";

/** Of more classes those with the lowest F1 are shown. */
const mostClasses = 200;

/** Pairs of classes that are taken for each other. */
const mostConfusions = 10;

/** How good it is on its test images. */
export function figuresSection({ run }: ExportSource): string {
  if (!run) return sections("## Figures", "How good it is isn't recorded in a model file.");
  const { evaluation } = run;
  if (!evaluation)
    return sections(
      "## Figures",
      `It is not judged on test images: ${run.unjudged ?? "its training has not ended."}`,
    );
  const { calibration } = evaluation;
  return sections(
    "## Figures",
    markdownTable(headlineTable([run])),
    calibration &&
      `${calibration.images === 0 ? "Calibrated by another training like it" : `Calibrated on ${plural(calibration.images, "image")} that it didn't learn from`}: at temperature ${figure(calibration.temperature, 3)} the calibration error is ${percent(calibration.expectedCalibrationError)}${sureWords(calibration)}.`,
    "### Every class",
    classesOf({ name: run.name, evaluation }),
    confusionsOf(evaluation),
  );
}

const sureWords = ({ sure, sureAccuracy, unsureBelow }: NonNullable<RunEvaluation["calibration"]>): string =>
  unsureBelow === null || sureAccuracy === null
    ? ""
    : `; of the ${percent(sure, 1)} of test images that it names with a probability of ${figure(unsureBelow, 3)} or more, ${percent(sureAccuracy, 1)} are right`;

function classesOf(run: JudgedRun): string {
  const table = classTable([run]);
  if (table.rows.length <= mostClasses) return markdownTable(table);
  const { classes } = run.evaluation;
  const rows = table.rows
    .map((row, index) => ({ row, f1: classes[index].f1 }))
    .sort((a, b) => a.f1 - b.f1)
    .slice(0, mostClasses)
    .map(({ row }) => row);
  const worst: TableData = { ...table, rows };
  return sections(
    `The ${mostClasses} with the lowest F1 of ${counted(classes.length)}.`,
    markdownTable(worst),
  );
}

function confusionsOf({ classes, confusion }: RunEvaluation): string | undefined {
  const wrong = confusion
    .flatMap((row, truth) => row.map((count, predicted) => ({ count, truth, predicted })))
    .filter(({ count, truth, predicted }) => count > 0 && truth !== predicted)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostConfusions);
  if (wrong.length === 0) return undefined;
  const lines = wrong.map(({ count, truth, predicted }) => {
    const { name, support } = classes[truth];
    return `- ${markdownText(name)} taken for ${markdownText(classes[predicted].name)}: ${counted(count)} of ${counted(support)}`;
  });
  return sections("### What it takes for what, most often", lines.join("\n"));
}
