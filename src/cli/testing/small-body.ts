import { encodeModel } from "../../core/formats/index.js";
import { graphConfig, graphOf } from "../../core/graph/index.js";
import { conv2d, dense, globalAveragePool2d, input } from "../../core/layers/index.js";
import { initialWeights } from "../../core/training/weights.js";

const inputShape = [28, 28, 1];

/** A model file of a small network for grey images of 28 × 28, as it begins. */
export function smallBody(): Uint8Array {
  const images = input(inputShape);
  const stem = conv2d({ name: "stem", filters: 8, kernelSize: 5, strides: 3, activation: "relu" })(images);
  const graph = graphOf(images, dense({ name: "output", units: 3 })(globalAveragePool2d()(stem)));
  return encodeModel({
    layers: graphConfig(graph),
    inputShape,
    normalization: { mean: [0.5], deviation: [0.5] },
    classNames: ["a", "b", "c"],
    tensors: initialWeights(graph, 5),
  });
}
