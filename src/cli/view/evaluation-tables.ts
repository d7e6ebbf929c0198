import { balancedAccuracy, hasUnevenClasses } from "../../core/metrics/balanced-accuracy.js";
import type { CalibrationFigures } from "../../core/metrics/calibrate.js";
import type { Evaluation } from "../../core/metrics/evaluation.js";
import { counted, figure, percent, wantedPercent } from "../../core/words.js";
import { viewsWords } from "../../report/settings-words.js";
import type { RunJudgement } from "../../run/judge.js";
import { confusionTable } from "./confusion-table.js";
import { painter } from "./paint.js";
import { plainTable } from "./plain-table.js";

/** How good the model is, in a figure a line. */
export function headlineFigures(evaluation: RunJudgement, colour: boolean): string {
  const paint = painter(colour);
  const {
    n,
    accuracy,
    loss,
    top2Accuracy,
    macroAuc,
    microAuc,
    expectedCalibrationError,
    calibration,
    views,
    withoutLeaks,
  } = evaluation;
  return [
    `Images             ${counted(n)}${views ? `, each by the mean over views: ${viewsWords(views)}` : ""}`,
    `Accuracy           ${paint("bold", percent(accuracy))}`,
    ...(withoutLeaks ? [leaksLine(withoutLeaks)] : []),
    ...(hasUnevenClasses(evaluation)
      ? [
          `Balanced accuracy  ${paint("bold", percent(balancedAccuracy(evaluation)))} with every class counting the same`,
        ]
      : []),
    `Loss               ${figure(loss)}`,
    `Top-2 accuracy     ${percent(top2Accuracy)}`,
    `AUC                ${figure(macroAuc)} macro, ${figure(microAuc)} micro`,
    `Calibration error  ${figure(expectedCalibrationError)} expected, over 15 bins`,
    ...(calibration ? [calibrationLine(calibration)] : []),
  ].join("\n");
}

/** Where it is known which of the test images training has too. */
const leaksLine = ({ images, accuracy }: NonNullable<RunJudgement["withoutLeaks"]>): string =>
  `Without leaks      ${percent(accuracy)} of the ${counted(images)} that training hasn't too`;

/** What the temperature found on validation images comes to on the test images. */
function calibrationLine(calibration: CalibrationFigures): string {
  const { temperature, expectedCalibrationError, unsureBelow, goal, sure, sureAccuracy } = calibration;
  const error = `${figure(expectedCalibrationError)} expected, at temperature ${figure(temperature, 3)}`;
  const { images } = calibration;
  const unsure =
    images === 0
      ? "a temperature that it was given, since no image validated it"
      : unsureBelow === null
        ? "too few images validated to say when it is unsure"
        : unsureBelow === 1
          ? `all unsure: at no probability were ${wantedPercent(goal)} right of the images that validated`
          : `${percent(1 - sure, 1)} unsure, below a probability of ${percent(unsureBelow, 1)}${sure > 0 ? `; of the others ${percent(sureAccuracy, 1)} are right` : ""}`;
  return `Calibrated         ${error}\n                   ${unsure}`;
}

/** Precision, recall, F1, AUC and support of each class, and their averages. */
export function classTable(evaluation: Evaluation, colour: boolean): string {
  const { classes, macro, weighted, macroAuc, n } = evaluation;
  const total = counted(n);
  const figures = ({ precision, recall, f1 }: typeof macro) =>
    [precision, recall, f1].map((x) => figure(x, 3));
  const rows = classes.map((each) => [each.name, ...figures(each), figure(each.auc), counted(each.support)]);
  const averages = [
    ["macro average", ...figures(macro), figure(macroAuc), total],
    ["weighted average", ...figures(weighted), "", total],
  ];
  const columns = ["Class", "Precision", "Recall", "F1", "AUC", "Images"].map((head, index) => ({
    head,
    align: index === 0 ? ("left" as const) : ("right" as const),
  }));
  const [head, ...body] = plainTable(columns, [...rows, ...averages]).split("\n");
  const width = Math.max(head.length, ...body.map((line) => line.length));
  const rule = "─".repeat(width);
  return [
    painter(colour)("bold", head),
    rule,
    ...body.slice(0, classes.length),
    rule,
    ...body.slice(classes.length),
  ].join("\n");
}

/** Everything an evaluation tells people: headline figures, classes, confusion. At most 100 columns wide. */
export function evaluationTables(evaluation: RunJudgement, colour: boolean): string {
  return [
    headlineFigures(evaluation, colour),
    "",
    classTable(evaluation, colour),
    "",
    confusionTable(evaluation, colour),
  ].join("\n");
}
