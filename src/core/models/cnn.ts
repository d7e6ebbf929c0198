import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { flatten } from "../layers/flatten.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { chainDefinition } from "./definition.js";

export const cnn = chainDefinition({
  name: "cnn",
  title: "CNN",
  why:
    "The paper names a plain CNN and gives no sizes. This one is the proposed model's first combination " +
    "module, C1 and M1 with its dropout, and one dense layer of 128 before the output: what the proposed " +
    "model adds to it is depth.",
  layers: (_inputShape, classes) => [
    conv2d({ name: "C1", filters: 32, kernelSize: 3, activation: "relu" }),
    maxPool2d({ name: "M1" }),
    dropout({ name: "D1", rate: 0.25 }),
    flatten({ name: "flatten" }),
    dense({ name: "FC1", units: 128, activation: "relu" }),
    dense({ name: "output", units: classes }),
  ],
});
