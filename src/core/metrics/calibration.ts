import { checkValue, listOf, number, type OptionTable, optionsOf, wholeNumber } from "../options/index.js";
import { checkedPredictions, type Predictions, predictedClasses } from "./predictions.js";

/** The images whose confidence lies in (from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean greatest probability of the bin's images; 0 in an empty bin. */
  readonly confidence: number;
  /** Share of the bin's images that were predicted right; 0 in an empty bin. */
  readonly accuracy: number;
}

const share = number({ from: 0, to: 1 });

/** As much as rounding in float32 can lift a softmax output above 1. */
const confidence = number({ from: 0, to: 1 + 1e-6 });

const binTable = {
  from: { meaning: "the bin holds greater confidences", kind: share },
  to: { meaning: "the greatest that it holds", kind: share },
  count: { meaning: "images", kind: wholeNumber({ from: 0 }) },
  confidence: { meaning: "their mean confidence", kind: confidence },
  accuracy: { meaning: "the share of them predicted right", kind: share },
} satisfies OptionTable<ReliabilityBin>;

const binsKind = listOf(optionsOf(binTable));

/**
 * Images sorted by confidence (their greatest probability) into bins of equal width, each open on the left and
 * closed on the right: (0, 1/15], (1/15, 2/15], … for 15 of them.
 *
 * @throws HeddleError as `predictionsOf` does. @throws UsageError unless bins is a whole number from 1 to 10,000
 */
export function reliabilityBins(predictions: Predictions, bins = 15): ReliabilityBin[] {
  checkedPredictions(predictions);
  checkValue("reliabilityBins", "bins", bins, wholeNumber({ from: 1, to: 10_000 }));
  const predicted = predictedClasses(predictions);
  const counts = new Array<number>(bins).fill(0);
  const confidences = new Array<number>(bins).fill(0);
  const right = new Array<number>(bins).fill(0);
  for (let image = 0; image < predictions.count; image++) {
    const confidence = predictions.probabilities[image * predictions.classes + predicted[image]];
    let bin = 0;
    while (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
    counts[bin]++;
    confidences[bin] += confidence;
    if (predicted[image] === predictions.labels[image]) right[bin]++;
  }
  return counts.map((count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    confidence: count === 0 ? 0 : confidences[bin] / count,
    accuracy: count === 0 ? 0 : right[bin] / count,
  }));
}

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017): how far confidence and accuracy lie apart,
 * Σ (count / n) · |accuracy − confidence| over the bins, 0 … 1; 0 of no
 * images.
 *
 * @throws UsageError on what `reliabilityBins` doesn't give
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  checkValue("expectedCalibrationError", "bins", bins, binsKind);
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (count === 0) return 0;
  return bins.reduce((sum, bin) => sum + (bin.count / count) * Math.abs(bin.accuracy - bin.confidence), 0);
}
