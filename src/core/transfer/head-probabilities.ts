import { exp } from "../math/index.js";
import type { Features } from "./features.js";
import type { TrainedHead } from "./head.js";

/**
 * What a head makes of features: softmax(x · kernel + bias), where mirror images are known the mean over both.
 *
 * @returns [N, classes]
 */
export function headProbabilities(
  { kernel, bias }: Pick<TrainedHead, "kernel" | "bias">,
  { plain, mirrored, size }: Features,
): Float32Array {
  const classes = bias.data.length;
  const count = plain.length / size;
  const probabilities = new Float64Array(count * classes);
  const views = mirrored ? [plain, mirrored] : [plain];
  for (const values of views)
    for (let image = 0; image < count; image++) {
      const logits = Float64Array.from(bias.data);
      for (let at = 0; at < size; at++) {
        const value = values[image * size + at];
        for (let label = 0; label < classes; label++)
          logits[label] += value * kernel.data[at * classes + label];
      }
      const most = Math.max(...logits);
      const powers = logits.map((logit) => exp(logit - most));
      const sum = powers.reduce((a, b) => a + b);
      for (let label = 0; label < classes; label++)
        probabilities[image * classes + label] += powers[label] / sum / views.length;
    }
  return Float32Array.from(probabilities);
}
