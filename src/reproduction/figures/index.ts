import type { ReproductionResults } from "../results/results.js";
import { curveFigure, dropoutFigure, scheduleAccuracies, scheduleRates } from "./curves.js";
import type { Figure } from "./figure.js";
import { classRocFigure, confusionFigure, rocFigure } from "./judged.js";
import { learningRateFigure } from "./learning-rate.js";

export type { Figure } from "./figure.js";

/** Every figure by its name; undefined where its trials are missing. The paper's figures 1 and 3 draw no result. */
export const figures: Readonly<Record<string, (results: ReproductionResults) => Figure | undefined>> = {
  "figure-2": learningRateFigure,
  "figure-4-accuracy": (results) => curveFigure(results, 4, "cnn", "accuracy"),
  "figure-4-loss": (results) => curveFigure(results, 4, "cnn", "loss"),
  "figure-5-accuracy": (results) => curveFigure(results, 5, "proposed", "accuracy"),
  "figure-5-loss": (results) => curveFigure(results, 5, "proposed", "loss"),
  "figure-6": confusionFigure,
  "figure-7": rocFigure,
  "figure-8": classRocFigure,
  "schedules-accuracy": scheduleAccuracies,
  "schedules-rate": scheduleRates,
  "dropout-accuracy": dropoutFigure,
};
