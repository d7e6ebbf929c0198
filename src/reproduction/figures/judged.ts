import { confusionChart } from "../../report/blocks/confusion-chart.js";
import { confusionMatrix } from "../../report/blocks/confusion-matrix.js";
import { rocCurves } from "../../report/blocks/roc-curves.js";
import { judgedNetworks, predictedNetworks } from "../results/networks.js";
import type { ReproductionResults } from "../results/results.js";
import type { Figure } from "./figure.js";

// A matrix or a curve is of one network, the Proposed CNN's of the first seed, not of a mean.

export function confusionFigure(results: ReproductionResults): Figure | undefined {
  const [network] = judgedNetworks(results);
  if (!network) return undefined;
  const id = "figure-6";
  return {
    chart: { ...confusionChart(network, id), title: `Figure 6: confusion matrix of ${network.name}` },
    note: `Of ${network.name} alone.`,
    sources: [network.id],
    inPage: confusionMatrix(network, id),
  };
}

/** Figure 7: one curve for the whole model, averaged both ways. */
export function rocFigure(results: ReproductionResults): Figure | undefined {
  const [network] = predictedNetworks(results);
  if (!network) return undefined;
  const title = `Figure 7: ROC curve of ${network.name}`;
  const chart = { ...rocCurves(network, "figure-7", { only: "averages" }), title };
  return { chart, note: `Of ${network.name} alone.`, sources: [network.id] };
}

/** Figure 8: a curve a class. */
export function classRocFigure(results: ReproductionResults): Figure | undefined {
  const [network] = predictedNetworks(results);
  if (!network) return undefined;
  const title = `Figure 8: ROC curve of each class, ${network.name}`;
  const corner = { xMax: 0.2, yMin: 0.6 };
  const chart = { ...rocCurves(network, "figure-8", { only: "classes", corner }), title };
  return { chart, note: `Of ${network.name} alone.`, sources: [network.id] };
}
