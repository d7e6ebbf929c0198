import { graphOf } from "../graph/index.js";
import { dense } from "../layers/dense.js";
import { globalAveragePool2d } from "../layers/global-average-pool2d.js";
import { input } from "../layers/value.js";
import { checkSmallest, graphDefinition } from "./definition.js";
import { normalized } from "./normalized.js";
import { torchNorm } from "./torch-norm.js";

const name = "mobileNetSmall";

/** Filters and strides of each block. */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
] as const;

const usual = { norm: torchNorm, activation: "relu" } as const;

export const mobileNetSmall = graphDefinition({
  name,
  title: "Small MobileNet",
  why:
    "Howard et al. 2017 (MobileNets, section 3): a 3×3 convolution of 32 filters and blocks of a 3×3 convolution of " +
    "each channel by itself and a 1×1 convolution, all with batch normalization and ReLU, then a dense layer over the " +
    "global average. Their network halves images of 224 pixels five times; this one is the first half of its Table 1, for " +
    "images of 28 to 64: five blocks, to 64, 128, 128, 256 and 256 channels, of which the second and the fourth halve, " +
    "and a first convolution of stride 1. Chosen too: He's normal first weights; no biases before a normalization; running " +
    "statistics keep 0.9 a step and ε is 10⁻⁵, as Torch has them; a window of stride 2 over an even size has its zeros at " +
    "the end alone, as in Keras; odd sizes halve upwards. Takes images of 4 pixels and more.",
  graph: (inputShape, classes) => {
    checkSmallest(name, inputShape, 4, "its strides halve images twice");
    const images = input(inputShape);
    let x = normalized(images, { ...usual, name: "stem", filters: 32, kernelSize: 3 });
    blocks.forEach(([filters, strides], index) => {
      const block = `block${index + 1}`;
      x = normalized(x, { ...usual, name: `${block}_depthwise`, kernelSize: 3, strides });
      x = normalized(x, { ...usual, name: `${block}_pointwise`, filters, kernelSize: 1 });
    });
    const average = globalAveragePool2d({ name: "average" })(x);
    return graphOf(images, dense({ name: "output", units: classes })(average));
  },
});
