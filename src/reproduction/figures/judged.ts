import { confusionChart } from "../../report/blocks/confusion-chart.js";
import { confusionMatrix } from "../../report/blocks/confusion-matrix.js";
import { rocCurves } from "../../report/blocks/roc-curves.js";
import { type JudgedNetwork, judgedNetworks, predictedNetworks } from "../results/networks.js";
import type { ReproductionResults } from "../results/results.js";
import type { Figure } from "./figure.js";

/** A picture of one network, the Proposed CNN's of the first seed: a matrix or a curve is of one, not of a mean. */
const ofFirst = <Network extends JudgedNetwork>(
  [network]: readonly Network[],
  draw: (network: Network) => Pick<Figure, "chart" | "inPage">,
): Figure | undefined =>
  network && { ...draw(network), note: `Of ${network.name} alone.`, sources: [network.id] };

export const confusionFigure = (results: ReproductionResults): Figure | undefined =>
  ofFirst(judgedNetworks(results), (network) => ({
    chart: {
      ...confusionChart(network, "figure-6"),
      title: `Figure 6: confusion matrix of ${network.name}`,
    },
    inPage: confusionMatrix(network, "figure-6"),
  }));

/** Figure 7: one curve for the whole model, averaged both ways. */
export const rocFigure = (results: ReproductionResults): Figure | undefined =>
  ofFirst(predictedNetworks(results), (network) => {
    const chart = rocCurves(network, "figure-7", { only: "averages" });
    return { chart: { ...chart, title: `Figure 7: ROC curve of ${network.name}` } };
  });

/** Figure 8: a curve a class. */
export const classRocFigure = (results: ReproductionResults): Figure | undefined =>
  ofFirst(predictedNetworks(results), (network) => {
    const chart = rocCurves(network, "figure-8", { only: "classes", corner: { xMax: 0.2, yMin: 0.6 } });
    return { chart: { ...chart, title: `Figure 8: ROC curve of each class, ${network.name}` } };
  });
