import { checkSmallest, fiveHalvings, graphDefinition } from "./definition.js";
import { invertedResidualNetwork, type Stage } from "./inverted-residual.js";

const name = "efficientNetLite0";

/** The blocks of EfficientNet-B0. */
const stages: readonly Stage[] = [
  { expansion: 1, filters: 16, repeats: 1, strides: 1, kernelSize: 3 },
  { expansion: 6, filters: 24, repeats: 2, strides: 2, kernelSize: 3 },
  { expansion: 6, filters: 40, repeats: 2, strides: 2, kernelSize: 5 },
  { expansion: 6, filters: 80, repeats: 3, strides: 2, kernelSize: 3 },
  { expansion: 6, filters: 112, repeats: 3, strides: 1, kernelSize: 5 },
  { expansion: 6, filters: 192, repeats: 4, strides: 2, kernelSize: 5 },
  { expansion: 6, filters: 320, repeats: 1, strides: 1, kernelSize: 3 },
];

export const efficientNetLite0 = graphDefinition({
  name,
  title: "EfficientNet-Lite0",
  why:
    "Tan and Le 2019 (EfficientNet, Table 1), in the form that TensorFlow's authors published in 2020 as EfficientNet-Lite0: " +
    "the blocks of B0 without squeeze and excitation, ReLU6 in place of SiLU, the first convolution of 32 filters and the " +
    "last of 1,280. As there, a window of stride 2 over an even size has its zeros at the end alone, running statistics " +
    "keep 0.99 a step, ε is 10⁻³, and a fifth is dropped before the dense layer; tensors stand in the order of that network's. " +
    "Chosen: He's normal first weights, the dense layer begins with Glorot's, and no block is skipped at random in training. " +
    "Made for images of 224 pixels, which it halves five times, upwards where they are odd; " +
    "takes those of 17 and more.",
  graph: (inputShape, classes) => {
    checkSmallest(name, inputShape, ...fiveHalvings);
    const norm = { momentum: 0.99, epsilon: 1e-3 };
    return invertedResidualNetwork(inputShape, classes, { stages, norm, padding: "same" });
  },
});
