import { evaluate } from "../../core/metrics/evaluation.js";
import type { JudgedRun } from "../../report/blocks/class-table.js";
import type { PredictedRun } from "../../report/blocks/roc-curves.js";
import type { RunPredictions } from "../../run/run-record.js";
import { modelGroup } from "./groups.js";
import type { ReproductionResults } from "./results.js";

/** A network that was judged. */
export interface JudgedNetwork extends JudgedRun {
  /** The trial that trained it. */
  readonly id: string;
}

/** One whose test predictions are kept. */
export type PredictedNetwork = JudgedNetwork & PredictedRun;

/** The Proposed CNN's of Table 2, one a seed: a matrix or a curve is of one, not of a mean. */
export const judgedNetworks = (results: ReproductionResults): JudgedNetwork[] =>
  modelGroup(results, "proposed").kept.flatMap(({ id, config, test }) =>
    test ? [{ id, name: `the Proposed CNN of seed ${config.seed}`, evaluation: test }] : [],
  );

export const predictedNetworks = (results: ReproductionResults): PredictedNetwork[] =>
  judgedNetworks(results).flatMap((network) => {
    const predictions = results.predictions.get(network.id);
    return predictions ? [{ ...network, predictions }] : [];
  });

/** Networks as one, which answers with the mean of their probabilities. */
export function together(networks: readonly PredictedNetwork[]): PredictedRun {
  const [{ evaluation, predictions }] = networks;
  const probabilities = meanProbabilities(networks.map((network) => network.predictions));
  const names = evaluation.classes.map(({ name }) => name);
  const { roc: _, ...judged } = evaluate(probabilities, predictions.labels, names);
  return {
    name: "the Proposed CNN",
    evaluation: judged,
    predictions: { probabilities, labels: predictions.labels },
  };
}

/** Softmax outputs averaged over networks, [N, classes]. */
export function meanProbabilities(predictions: readonly RunPredictions[]): Float32Array {
  const mean = new Float32Array(predictions[0].probabilities.length);
  for (let index = 0; index < mean.length; index++) {
    let sum = 0;
    for (const { probabilities } of predictions) sum += probabilities[index];
    mean[index] = sum / predictions.length;
  }
  return mean;
}
