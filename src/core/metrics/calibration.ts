import { type Predictions, predictedClasses } from "./predictions.js";

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

/**
 * Images sorted by confidence (their greatest probability) into bins of equal width, each open on the left and
 * closed on the right: (0, 1/15], (1/15, 2/15], … for 15 of them.
 */
export function reliabilityBins(predictions: Predictions, bins = 15): ReliabilityBin[] {
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
 * Σ (count / n) · |accuracy − confidence| over the bins, 0 … 1.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  return bins.reduce((sum, bin) => sum + (bin.count / count) * Math.abs(bin.accuracy - bin.confidence), 0);
}
