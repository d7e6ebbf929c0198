import { activation } from "../layers/activation.js";
import { batchNorm } from "../layers/batch-norm.js";
import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { globalAveragePool2d } from "../layers/global-average-pool2d.js";
import type { Layer } from "../layers/layer.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { chainDefinition, checkSmallest } from "./definition.js";
import { torchNorm } from "./torch-norm.js";

const name = "vggSmall";

/** Filters of the two convolutions before each pool. */
const stages = [64, 128, 256];

const normalized = (number: number, filters: number): Layer[] => [
  conv2d({
    name: `C${number}`,
    filters,
    kernelSize: 3,
    padding: "same",
    useBias: false,
    kernelInitializer: "heNormal",
  }),
  batchNorm({ name: `N${number}`, ...torchNorm }),
  activation({ name: `A${number}`, function: "relu" }),
];

export const vggSmall = chainDefinition({
  name,
  title: "Small VGG",
  why:
    "Simonyan and Zisserman 2015 (Very Deep Convolutional Networks, Table 1): the first three stages of their " +
    "configuration B, pairs of 3×3 convolutions of 64, 128 and 256 filters with a 2×2 max-pool behind each pair, " +
    "as images of 28 to 32 pixels bear three pools. Batch normalization, which is younger, stands between each " +
    "convolution and its ReLU: without it they trained shallow networks first. In place of their dense layers of " +
    "4,096 one dense layer reads the global average (Lin et al. 2014), so that the weights are as many for images " +
    "of any size. Chosen too: He's normal first weights; convolutions have no bias, which the normalization would " +
    "take out again; running statistics keep 0.9 a step and ε is 10⁻⁵, as Torch has them; pools leave an odd last row out. Takes images of 8 pixels and more.",
  layers: (inputShape, classes) => {
    checkSmallest(name, inputShape, 8, "its pools halve images three times");
    return [
      ...stages.flatMap((filters, stage) => [
        ...normalized(2 * stage + 1, filters),
        ...normalized(2 * stage + 2, filters),
        maxPool2d({ name: `M${stage + 1}` }),
      ]),
      globalAveragePool2d({ name: "average" }),
      dense({ name: "output", units: classes }),
    ];
  },
});
