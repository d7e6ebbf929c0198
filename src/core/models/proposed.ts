import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { flatten } from "../layers/flatten.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { chainDefinition } from "./definition.js";

export const proposed = chainDefinition({
  name: "proposed",
  title: "Proposed CNN",
  why:
    "Table 1 prints pools of stride 1 and convolutions of stride 2, but its own output sizes need pools of " +
    "stride 2 and convolutions of stride 1; the output sizes win. Its input of 26×26×1 is the size after C1; " +
    "the text's 28×28×1 is meant.",
  layers: (_inputShape, classes) => [
    conv2d({ name: "C1", filters: 32, kernelSize: 3, activation: "relu" }),
    maxPool2d({ name: "M1" }),
    dropout({ name: "D1", rate: 0.25 }),
    conv2d({ name: "C2", filters: 64, kernelSize: 3, activation: "relu" }),
    maxPool2d({ name: "M2" }),
    dropout({ name: "D2", rate: 0.25 }),
    conv2d({ name: "C3", filters: 128, kernelSize: 3, activation: "relu" }),
    conv2d({ name: "C4", filters: 256, kernelSize: 3, activation: "relu" }),
    dropout({ name: "D3", rate: 0.5 }),
    flatten({ name: "flatten" }),
    dense({ name: "FC1", units: 256, activation: "relu" }),
    dense({ name: "FC2", units: 128, activation: "relu" }),
    dropout({ name: "D4", rate: 0.5 }),
    dense({ name: "output", units: classes }),
  ],
});
