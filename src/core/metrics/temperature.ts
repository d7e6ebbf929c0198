import { classesKind } from "../data/labels.js";
import { UsageError } from "../errors.js";
import { exp, log } from "../math/index.js";
import { checkValue, number, typedArray } from "../options/index.js";
import { checkedPredictions, checkProbabilities, type Predictions, predictedClasses } from "./predictions.js";

/** The temperatures among which one is looked for: what lies beyond says that there is nothing to be learned. */
const temperatureBounds = { from: 1 / 16, to: 16 } as const;

export const temperatureKind = number(temperatureBounds);

/** Of a probability that float32 has none of: its least normal number. */
const leastProbability = 2 ** -126;

/** Near enough to the minimum: what is left changes no probability by a unit of float32. */
const closeEnough = 1e-12;
const mostTurns = 100;

/**
 * The temperature T by which probabilities mean most (temperature scaling, Guo et al. 2017, arXiv 1706.04599): of softmax(z / T), the one
 * with the least mean cross-entropy on images that the weights didn't learn from, within 1/16 and 16. Above 1 a model was too sure
 * of itself. It changes no image's greatest probability into another's. Logits z are the logarithms of the probabilities, which softmax takes for the same. 1
 * where every image is right, so that ever smaller temperatures would be better, and where none is better than another.
 *
 * The cross-entropy is convex in β = 1 / T, so that its minimum is where its slope, the mean of E[z] − z of the label,
 * is zero: found by Newton's method, with bisection where that would leave the bounds, in double precision.
 *
 * @throws HeddleError as `predictionsOf` does
 */
export function fitTemperature(predictions: Predictions): number {
  checkedPredictions(predictions);
  const { labels, classes, count, probabilities } = predictions;
  const predicted = predictedClasses(predictions);
  if (predicted.every((each, image) => each === labels[image])) return 1;
  const logits = Float64Array.from(probabilities, (each) => log(Math.max(each, leastProbability)));
  let [low, high]: [number, number] = [1 / temperatureBounds.to, 1 / temperatureBounds.from];
  let beta = 1;
  for (let turn = 0; turn < mostTurns; turn++) {
    const { slope, curvature } = slopeAt(beta, logits, labels, classes, count);
    // Also where no temperature is better than another, as of probabilities that are all the same.
    if (Math.abs(slope) <= closeEnough && curvature <= closeEnough) break;
    if (slope > 0) high = beta;
    else low = beta;
    const newton = beta - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const moved = Math.abs(next - beta);
    beta = next;
    if (moved <= closeEnough * beta) break;
  }
  return 1 / beta;
}

/** First and second derivative in β of the mean cross-entropy of softmax(β z). */
function slopeAt(
  beta: number,
  logits: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  count: number,
): { readonly slope: number; readonly curvature: number } {
  let slope = 0;
  let curvature = 0;
  for (let image = 0; image < count; image++) {
    const row = logits.subarray(image * classes, (image + 1) * classes);
    const greatest = row.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
    let [sum, first, second] = [0, 0, 0];
    for (const each of row) {
      const share = exp(beta * (each - greatest));
      sum += share;
      first += share * each;
      second += share * each * each;
    }
    const mean = first / sum;
    slope += mean - row[labels[image]];
    curvature += Math.max(0, second / sum - mean * mean);
  }
  return { slope: slope / count, curvature: curvature / count };
}

/**
 * Probabilities at a temperature: softmax(log p / T), [n, classes].
 *
 * @throws HeddleError on what are no probabilities. @throws UsageError on what are not those of whole images, and on a
 * temperature out of bounds
 */
export function atTemperature(
  probabilities: Float32Array,
  classes: number,
  temperature: number,
): Float32Array {
  checkValue("atTemperature", "probabilities", probabilities, typedArray("Float32Array"));
  checkValue("atTemperature", "classes", classes, classesKind);
  checkValue("atTemperature", "temperature", temperature, temperatureKind);
  if (probabilities.length % classes !== 0) {
    throw new UsageError(
      `atTemperature got ${probabilities.length} probabilities of ${classes} classes: give all of each image's.`,
    );
  }
  checkProbabilities(probabilities, classes);
  if (temperature === 1) return probabilities.slice();
  const scaled = new Float32Array(probabilities.length);
  for (let from = 0; from < probabilities.length; from += classes) {
    const logits = Float64Array.from(probabilities.subarray(from, from + classes), (each) =>
      log(Math.max(each, leastProbability)),
    );
    const greatest = logits.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
    const shares = logits.map((each) => exp((each - greatest) / temperature));
    const sum = shares.reduce((total, each) => total + each, 0);
    scaled.set(
      shares.map((each) => each / sum),
      from,
    );
  }
  return scaled;
}
