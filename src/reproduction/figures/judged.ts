import { evaluate } from "../../core/metrics/evaluation.js";
import { figure } from "../../core/words.js";
import { confusionMatrix } from "../../report/blocks/confusion-matrix.js";
import { meanCurve, mostRocPoints, rocPoints } from "../../report/blocks/roc-curves.js";
import type { ChartData } from "../../report/chart.js";
import { lineChart } from "../../report/line-chart.js";
import { type Point, thinCurve } from "../../report/thin-curve.js";
import type { RunEvaluation, RunPredictions } from "../../run/run-record.js";
import type { Statement } from "../claims/claim.js";
import { judgeClaim } from "../claims/claims.js";
import { paperAuc } from "../paper/paper.js";
import type { TrialRecord } from "../plan/trial.js";
import { currentGroup, type ReproductionResults } from "../results/results.js";
import { confusionChart } from "./confusion-chart.js";
import type { PaperFigure } from "./figure.js";

/** One network, the Proposed CNN's of the first seed: a matrix or a curve is of one, not of a mean. */
interface Network {
  readonly record: TrialRecord;
  readonly test: RunEvaluation;
  readonly predictions: RunPredictions | undefined;
}

function firstNetwork(results: ReproductionResults): Network | undefined {
  const record = currentGroup(results, "proposed").kept.find(({ test }) => test);
  if (!record?.test) return undefined;
  return { record, test: record.test, predictions: results.predictions.get(record.id) };
}

/** Which network a matrix or a curve is of, where the figures beside it are means over the seeds. */
const drawnOf = (network: Network | undefined): Statement | undefined =>
  network && { text: `Drawn: ${nameOf(network)} alone.`, sources: [network.record.id] };

/** "the Proposed CNN of seed 1" */
const nameOf = ({ record }: Network): string => `the Proposed CNN of seed ${record.config.seed}`;

export function confusionFigure(results: ReproductionResults): PaperFigure {
  const network = firstNetwork(results);
  const title = network ? `Figure 6: confusion matrix of ${nameOf(network)}` : "";
  return {
    number: 6,
    title: "Confusion matrix of the Proposed CNN",
    where: "Analysis, by Figure 6",
    paper:
      "Trousers and bags are told best, then sandals; Shirt is told worst, for its likeness to Pullover.",
    here: [judgeClaim(results, "best-classes"), judgeClaim(results, "shirt-worst")],
    drawn: drawnOf(network),
    charts: network ? [{ name: "figure-6", chart: confusionChart(network.test, "figure-6", title) }] : [],
    inPage: network && confusionMatrix({ name: nameOf(network), evaluation: network.test }, "figure-6"),
  };
}

interface Curves {
  readonly network: Network;
  /** A curve a class; none where the rates are undefined. */
  readonly classes: readonly {
    readonly name: string;
    readonly auc: number | null;
    readonly points: readonly Point[];
  }[];
  readonly micro: readonly Point[];
}

function curvesOf(results: ReproductionResults): Curves | undefined {
  const network = firstNetwork(results);
  if (!network?.predictions) return undefined;
  const { probabilities, labels } = network.predictions;
  const { roc, classes } = evaluate(
    probabilities,
    labels,
    network.test.classes.map(({ name }) => name),
  );
  return {
    network,
    classes: classes.map(({ name, auc }, index) => ({ name, auc, points: rocPoints(roc[index]) })),
    micro: rocPoints(roc[classes.length]),
  };
}

const rates = { xLabel: "False positive rate", yLabel: "True positive rate", height: 420 };

/** Figure 7: one curve for the whole model, averaged both ways. */
function wholeChart({ network, classes, micro }: Curves): ChartData {
  const { macroAuc, microAuc } = network.test;
  const macro = meanCurve(classes.map(({ points }) => points).filter((points) => points.length > 0));
  return lineChart({
    ...rates,
    id: "figure-7",
    title: `Figure 7: ROC curve of ${nameOf(network)}`,
    description: `The share of a class's images that are found against the share of others taken for it. Area ${figure(microAuc)} over all pairs (micro), ${figure(macroAuc)} as the mean of the classes' (macro).`,
    xMin: 0,
    xMax: 1,
    yMin: 0,
    yMax: 1,
    series: [
      { name: `micro average, area ${figure(microAuc)}`, points: thinCurve(micro, mostRocPoints), color: 0 },
      {
        name: `macro average, area ${figure(macroAuc)}`,
        points: thinCurve(macro, mostRocPoints),
        color: 1,
        dashed: true,
      },
    ],
  });
}

/** The corner of the plane in which curves this good can be told apart. */
const corner = { xMin: 0, xMax: 0.2, yMin: 0.6, yMax: 1 } as const;

/** Figure 8: a curve a class. */
function classesChart({ network, classes }: Curves): ChartData {
  const areas = classes.map(({ name, auc }) => `${name} ${figure(auc)}`).join(", ");
  return lineChart({
    ...rates,
    ...corner,
    id: "figure-8",
    title: `Figure 8: ROC curve of each class, ${nameOf(network)}`,
    description: `The upper left corner of the plane: false positive rates to ${corner.xMax}, true positive rates from ${corner.yMin}. Areas: ${areas}.`,
    series: classes.map(({ name, auc, points }) => ({
      name: `${name}, ${figure(auc)}`,
      points: thinCurve(
        // One point beyond the corner, so that the line goes on to its edge.
        points.filter(([x], index) => x <= corner.xMax || points[index - 1][0] <= corner.xMax),
        mostRocPoints,
      ),
    })),
  });
}

export function rocFigures(results: ReproductionResults): PaperFigure[] {
  const curves = curvesOf(results);
  const drawn = drawnOf(curves?.network);
  return [
    {
      number: 7,
      title: "ROC curve of the Proposed CNN",
      where: "Analysis, by Figure 7",
      paper: `The area is ${paperAuc.all}, which the text takes for almost every image being told right.`,
      here: [judgeClaim(results, "auc")],
      drawn,
      charts: curves ? [{ name: "figure-7", chart: wholeChart(curves) }] : [],
    },
    {
      number: 8,
      title: "ROC curve of each class",
      where: "Analysis, by Figure 8",
      paper: `Most classes' areas are very close to 1.00; Shirt's curve is the lowest, with ${paperAuc.shirt}.`,
      here: [judgeClaim(results, "shirt-auc")],
      drawn,
      charts: curves ? [{ name: "figure-8", chart: classesChart(curves) }] : [],
    },
  ];
}
