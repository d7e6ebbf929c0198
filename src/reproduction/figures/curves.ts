import { type ModelName, modelDefinitions } from "../../core/models/index.js";
import type { EpochRecord } from "../../core/training/events.js";
import { accuracyCurves, lossCurves } from "../../report/blocks/curves.js";
import { judgeClaim } from "../claims.js";
import { standing } from "../measures.js";
import { currentGroup, type ReproductionResults } from "../results.js";
import type { TrialRecord } from "../trial.js";
import type { PaperFigure } from "./figure.js";

const averaged = [
  "trainLoss",
  "trainAccuracy",
  "validationLoss",
  "validationAccuracy",
  "learningRate",
  "seconds",
] as const;

/** Each epoch's figures, mean over trials, as far as all of them go. */
export function meanHistory(records: readonly TrialRecord[]): EpochRecord[] {
  if (records.length === 0) return [];
  const length = Math.min(...records.map(({ history }) => history.length));
  return Array.from({ length }, (_, index) => {
    const means = averaged.map((field) => [
      field,
      records.reduce((sum, { history }) => sum + history[index][field], 0) / records.length,
    ]);
    return { epoch: records[0].history[index].epoch, ...Object.fromEntries(means) } as EpochRecord;
  });
}

interface CurveFigure {
  readonly number: number;
  readonly model: ModelName;
  readonly claim: string;
  readonly paper: string;
}

/** Accuracy and loss of a model's training, mean over the seeds. */
function curveFigure(
  results: ReproductionResults,
  { number, model, claim, paper }: CurveFigure,
): PaperFigure {
  const group = currentGroup(results, model);
  const history = meanHistory(group.kept);
  const { title } = modelDefinitions[model];
  const name = `${title}, ${standing(group)}`;
  const drawn = (chart: ReturnType<typeof lossCurves>, words: string) => ({
    name: chart.id,
    chart: { ...chart, title: `Figure ${number}: ${words} of the ${title} by epoch` },
  });
  return {
    number,
    title: `Accuracy and loss of the ${title}`,
    where: `Analysis, by Figure ${number}`,
    paper,
    here: judgeClaim(results, claim),
    sources: group.kept.map(({ id }) => id),
    charts:
      history.length === 0
        ? []
        : [
            drawn(accuracyCurves([{ name, history }], `figure-${number}-accuracy`), "accuracy"),
            drawn(lossCurves([{ name, history }], `figure-${number}-loss`), "loss"),
          ],
  };
}

export const cnnCurves = (results: ReproductionResults): PaperFigure =>
  curveFigure(results, {
    number: 4,
    model: "cnn",
    claim: "cnn-curve",
    paper:
      "The plain CNN's loss falls at first and then rises, from which the text concludes that it does not converge. (The caption says “proposed”; the text means the plain CNN.)",
  });

export const proposedCurves = (results: ReproductionResults): PaperFigure =>
  curveFigure(results, {
    number: 5,
    model: "proposed",
    claim: "proposed-curve",
    paper:
      "The validation loss falls from the start, lies below the training loss, and after ten epochs both are stable with next to no gap.",
  });
