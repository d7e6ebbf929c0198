import type { Labels } from "../core/data/dataset.js";
import { labelNumbersOf } from "../core/data/labels.js";
import { HeddleError } from "../core/errors.js";
import { decodeSafetensors, encodeSafetensors } from "../core/formats/safetensors.js";

/** What a run's weights say of the test images. */
export interface RunPredictions {
  /** Softmax outputs on the test images, [N, classes]. */
  readonly probabilities: Float32Array;
  /** Their true classes, [N]. */
  readonly labels: Labels;
}

/** Those of a run's best weights, where somebody asked to keep them. */
export const predictionsFile = "predictions.safetensors";

/** `probabilities` [N, classes] and `labels` [N], both float32: the one type that our safetensors files have. */
export function encodePredictions({ probabilities, labels }: RunPredictions): Uint8Array {
  const count = labels.length;
  return encodeSafetensors(
    [
      { name: "probabilities", shape: [count, probabilities.length / count], data: probabilities },
      { name: "labels", shape: [count], data: Float32Array.from(labels) },
    ],
    {},
  );
}

/**
 * @param file named in errors
 * @throws HeddleError when the file is damaged or holds something else.
 */
export function decodePredictions(bytes: Uint8Array, file: string): RunPredictions {
  const { tensors } = decodeSafetensors(bytes, file);
  const [probabilities, labels] = ["probabilities", "labels"].map((name) =>
    tensors.find((tensor) => tensor.name === name),
  );
  if (!probabilities || !labels || labels.shape[0] !== probabilities.shape[0]) {
    throw new HeddleError(
      `${file} holds no predictions: expected probabilities [N, classes] and labels [N]. Put it back, or delete it and judge the run again.`,
    );
  }
  const most = labels.data.reduce((largest, label) => Math.max(largest, label), 0);
  return {
    probabilities: probabilities.data,
    labels: labelNumbersOf(most + 1).from(labels.data),
  };
}
