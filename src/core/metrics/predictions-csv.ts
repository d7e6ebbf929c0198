import { predictedClasses, predictionsOf } from "./predictions.js";

/**
 * The lines of a CSV table of predictions, without line ends: `index,label,predicted,p0,…,p9`, then a row an
 * image. Probabilities have nine significant digits, enough to get every float32 back exactly.
 *
 * @param probabilities softmax outputs, [n, classes], row-major
 * @param labels the n true classes
 * @throws HeddleError as `evaluate` does, before the first line
 */
export function predictionsCsv(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): IterableIterator<string> {
  const predictions = predictionsOf(probabilities, labels, classes);
  const predicted = predictedClasses(predictions);
  function* lines(): Generator<string> {
    const columns = Array.from({ length: classes }, (_, index) => `p${index}`);
    yield ["index", "label", "predicted", ...columns].join(",");
    for (let image = 0; image < predictions.count; image++) {
      const row = probabilities.subarray(image * classes, (image + 1) * classes);
      const digits = Array.from(row, (probability) => probability.toPrecision(9));
      yield [image, labels[image], predicted[image], ...digits].join(",");
    }
  }
  return lines();
}
