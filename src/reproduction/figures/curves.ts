import { modelDefinitions } from "../../core/models/index.js";
import { accuracyCurves, lossCurves } from "../../report/blocks/curves.js";
import { judgeClaim } from "../claims/claims.js";
import type { PaperModel } from "../paper/paper.js";
import { leastSmoothedLoss } from "../results/confidence.js";
import { leftOutWords, meanHistory } from "../results/mean-history.js";
import { standing } from "../results/measures.js";
import { decimal } from "../results/numbers.js";
import { currentGroup, type ReproductionResults, type TrialGroup } from "../results/results.js";
import type { PaperFigure } from "./figure.js";

interface CurveFigure {
  readonly number: number;
  readonly model: PaperModel;
  readonly claim: string;
  readonly paper: string;
}

/** What smoothed labels do to the loss curves; empty where training smooths none. */
function smoothingWords({ kept }: TrialGroup): string {
  const record = kept.find(({ config }) => config.labelSmoothing > 0);
  if (!record) return "";
  const { labelSmoothing } = record.config;
  const classes = record.test?.classes.length ?? 10;
  const least = decimal(leastSmoothedLoss(labelSmoothing, classes), 3);
  return ` The training loss is of labels smoothed by ${labelSmoothing} and can't fall below ${least} nats; the validation loss is of plain labels: the two can't be held against each other.`;
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
  const smoothing = smoothingWords(group);
  const drawn = (chart: ReturnType<typeof lossCurves>, words: string, note = "") => ({
    name: chart.id,
    chart: {
      ...chart,
      title: `Figure ${number}: ${words} of the ${title} by epoch`,
      description: `${chart.description}${note}`,
    },
  });
  const isDrawn = history.length > 0;
  return {
    number,
    title: `Accuracy and loss of the ${title}`,
    where: `Analysis, by Figure ${number}`,
    paper,
    here: [judgeClaim(results, claim)],
    drawn: isDrawn
      ? {
          text: `Drawn: means over ${standing(group)}${leftOutWords(group.kept)}.${smoothing}`,
          sources: group.kept.filter((record) => record.history.length > 0).map(({ id }) => id),
        }
      : undefined,
    charts: isDrawn
      ? [
          drawn(accuracyCurves([{ name, history }], `figure-${number}-accuracy`), "accuracy"),
          drawn(
            lossCurves([{ name, history }], `figure-${number}-loss`),
            smoothing === "" ? "loss" : "loss (training: of smoothed labels)",
            smoothing,
          ),
        ]
      : [],
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
      "The validation loss falls from the start and lies below the training loss; after ten epochs it is stable, with a negligible gap.",
  });
