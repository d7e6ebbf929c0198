import { reliabilityBins } from "../../core/metrics/calibration.js";
import { predictionsOf } from "../../core/metrics/predictions.js";
import type { RunPredictions } from "../../run/run-record.js";
import type { TrialGroup } from "./groups.js";
import type { ReproductionResults } from "./results.js";
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
    kept.flatMap(({ id }) => {
      const own = predictions.get(id);
      return own ? [{ trial: id, value: overconfidence(own) }] : [];
    }),
  );
