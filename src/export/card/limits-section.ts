import { usualLoss } from "../../core/loss.js";
import { balancedAccuracy, hasUnevenClasses } from "../../core/metrics/balanced-accuracy.js";
import { percent, plural } from "../../core/words.js";
import { viewsWords } from "../../report/settings-words.js";
import type { RunEvaluation } from "../../run/evaluation-schema.js";
import type { ExportSource } from "../export-source.js";
import type { ExportCardOptions } from "./card-options.js";
import { dataTitle } from "./front-matter.js";
import { markdownText, sections } from "./markdown.js";

/** What it can't do, and what isn't known of it. */
export function limitsSection({ contents, run }: ExportSource, { licence }: ExportCardOptions): string {
  const { loss = usualLoss, calibration } = contents;
  const data = run && markdownText(dataTitle(run.config.data));
  const facts: readonly (string | false | undefined)[] = [
    loss === usualLoss && "Every image is named as one of its classes, also one that shows something else.",
    run?.evaluation
      ? `Its figures are of the test images of ${data}. How good it is on others, taken otherwise, isn't known.`
      : "How good it is isn't known.",
    run?.evaluation?.views &&
      `Its figures are of predictions that are means over views of each image (${viewsWords(run.evaluation.views)}): by an image alone they are others.`,
    ...(run?.evaluation ? weaknesses(run.evaluation) : []),
    loss === usualLoss &&
      !calibration &&
      "Its probabilities are not calibrated: how often it is right at each of them isn't known.",
    licence === undefined && "Under which licence the weights may be used isn't known.",
    `Where ${data ? `the images of ${data}` : "its training images"} come from, who agreed to their use, and whom or what they leave out isn't recorded.`,
  ];
  return sections("## Limits", facts.flatMap((fact) => (fact ? [`- ${fact}`] : [])).join("\n"));
}

function weaknesses(evaluation: RunEvaluation): (string | false)[] {
  const there = evaluation.classes.filter(({ support }) => support > 0);
  const worst = there.reduce((least, each) => (each.recall < least.recall ? each : least), there[0]);
  const absent = evaluation.classes.length - there.length;
  return [
    `It is worst at ${markdownText(worst.name)}: ${percent(worst.recall)} of ${plural(worst.support, "test image")} are found.`,
    hasUnevenClasses(evaluation) &&
      `Its classes have uneven numbers of test images: where each counts the same, ${percent(balancedAccuracy(evaluation))} are right.`,
    absent > 0 && `${plural(absent, "class has", "classes have")} no test images: nothing is known of them.`,
  ];
}
