import type { ReproductionResults } from "../results/results.js";
import { cnnCurves, proposedCurves } from "./curves.js";
import { dropoutCharts } from "./dropout.js";
import type { PaperFigure } from "./figure.js";
import { confusionFigure, rocFigures } from "./judged.js";
import { learningRateFigure } from "./learning-rate.js";
import { scheduleCharts } from "./schedules.js";

export type { PaperFigure } from "./figure.js";
export { dropoutCharts, scheduleCharts };

/** The paper's figures of results, in its order; 1 and 3 draw no result. */
export const paperFigures = (results: ReproductionResults): PaperFigure[] => [
  learningRateFigure(results),
  cnnCurves(results),
  proposedCurves(results),
  confusionFigure(results),
  ...rocFigures(results),
];
