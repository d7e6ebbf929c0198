import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { flatten } from "../layers/flatten.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { chainDefinition } from "./definition.js";

export const lenet = chainDefinition({
  name: "lenet",
  title: "LeNet",
  why:
    "The paper names LeNet and gives no sizes: these are LeNet-5's (LeCun et al. 1998). Its first convolution " +
    "is padded because LeNet-5 reads 28×28 images inside 32×32. ReLU and max-pools stand for its scaled tanh " +
    "and trainable averages, as they do in the paper's other models.",
  layers: (_inputShape, classes) => [
    conv2d({ name: "C1", filters: 6, kernelSize: 5, padding: "same", activation: "relu" }),
    maxPool2d({ name: "M1" }),
    conv2d({ name: "C2", filters: 16, kernelSize: 5, activation: "relu" }),
    maxPool2d({ name: "M2" }),
    flatten({ name: "flatten" }),
    dense({ name: "FC1", units: 120, activation: "relu" }),
    dense({ name: "FC2", units: 84, activation: "relu" }),
    dense({ name: "output", units: classes }),
  ],
});
