import { reliabilityBins } from "../../core/metrics/calibration.js";
import { predictionsOf } from "../../core/metrics/predictions.js";
import type { RunPredictions } from "../../run/run-record.js";
import type { ReproductionResults, TrialGroup } from "./results.js";
import { type Spread, spreadOf } from "./spread.js";

/** Mean greatest probability less the share that is right, over the test images: below 0 where a network is too unsure. */
function overconfidence({ probabilities, labels }: RunPredictions): number {
  const classes = probabilities.length / labels.length;
  const [{ confidence, accuracy }] = reliabilityBins(predictionsOf(probabilities, labels, classes), 1);
  return confidence - accuracy;
}

/** By how much a group's networks are surer than they are right, a share of 1; null where no predictions are kept. */
export const overconfidenceOf = ({ predictions }: ReproductionResults, { kept }: TrialGroup): Spread | null =>
  spreadOf(
    kept.flatMap(({ id, config }) => {
      const own = predictions.get(id);
      return own ? [{ trial: id, seed: config.seed, value: overconfidence(own) }] : [];
    }),
  );

/**
 * The least cross-entropy in nats that labels smoothed by ε over K classes leave, their own entropy: the right class
 * has 1 − ε + ε / K of them, each other ε / K.
 */
export function leastSmoothedLoss(smoothing: number, classes: number): number {
  const shares = [
    1 - smoothing + smoothing / classes,
    ...new Array<number>(classes - 1).fill(smoothing / classes),
  ];
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
}
