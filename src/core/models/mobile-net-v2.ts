import { checkSmallest, fiveHalvings, graphDefinition } from "./definition.js";
import { invertedResidualNetwork, type Stage } from "./inverted-residual.js";
import { torchNorm } from "./torch-norm.js";

const name = "mobileNetV2";

/** The paper's Table 2. */
const stages: readonly Stage[] = [
  { expansion: 1, filters: 16, repeats: 1, strides: 1, kernelSize: 3 },
  { expansion: 6, filters: 24, repeats: 2, strides: 2, kernelSize: 3 },
  { expansion: 6, filters: 32, repeats: 3, strides: 2, kernelSize: 3 },
  { expansion: 6, filters: 64, repeats: 4, strides: 2, kernelSize: 3 },
  { expansion: 6, filters: 96, repeats: 3, strides: 1, kernelSize: 3 },
  { expansion: 6, filters: 160, repeats: 3, strides: 2, kernelSize: 3 },
  { expansion: 6, filters: 320, repeats: 1, strides: 1, kernelSize: 3 },
];

export const mobileNetV2 = graphDefinition({
  name,
  title: "MobileNetV2",
  why:
    "Sandler et al. 2018 (MobileNetV2: Inverted Residuals and Linear Bottlenecks, Table 2) at width 1, as torchvision lays " +
    "it out, so that weights trained there fit tensor by tensor, in this order: one zero on every side of a 3×3 window at " +
    "any stride, running statistics that keep 0.9 a step, ε of 10⁻⁵, and a fifth dropped before the dense layer. Chosen: " +
    "He's normal first weights, of the inputs where torchvision takes those of the outputs, and the dense layer begins " +
    "with Glorot's. Made for images of 224 pixels, which it halves five times, upwards where they are odd; " +
    "takes those of 17 and more.",
  graph: (inputShape, classes) => {
    checkSmallest(name, inputShape, ...fiveHalvings);
    return invertedResidualNetwork(inputShape, classes, { stages, norm: torchNorm, padding: 1 });
  },
});
