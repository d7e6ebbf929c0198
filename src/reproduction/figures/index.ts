import type { ReproductionResults } from "../results/results.js";
import { accuracyFigure, dropoutFigure, lossFigure, scheduleRates, schedulesFigure } from "./curves.js";
import type { Figure } from "./figure.js";
import { classRocFigure, confusionFigure, rocFigure } from "./judged.js";
import { learningRateFigure } from "./learning-rate.js";

export type { Figure } from "./figure.js";

/** Every figure by its name; undefined where its trials are missing. The paper's figures 1 and 3 draw no result. */
export const figures: Readonly<Record<string, (results: ReproductionResults) => Figure | undefined>> = {
  "figure-2": learningRateFigure,
  "figure-4-accuracy": (results) => accuracyFigure(results, 4, "cnn"),
  "figure-4-loss": (results) => lossFigure(results, 4, "cnn"),
  "figure-5-accuracy": (results) => accuracyFigure(results, 5, "proposed"),
  "figure-5-loss": (results) => lossFigure(results, 5, "proposed"),
  "figure-6": confusionFigure,
  "figure-7": rocFigure,
  "figure-8": classRocFigure,
  "schedules-accuracy": schedulesFigure,
  "schedules-rate": scheduleRates,
  "dropout-accuracy": dropoutFigure,
};
