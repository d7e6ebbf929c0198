import { activation } from "../layers/activation.js";
import { batchNorm } from "../layers/batch-norm.js";
import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { globalAveragePool2d } from "../layers/global-average-pool2d.js";
import type { Layer } from "../layers/layer.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { type ChainDefinition, chainDefinition, checkSmallest } from "./definition.js";
import { torchNorm } from "./torch-norm.js";

/** One convolution of a stage, normalized, before its ReLU. */
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

interface Vgg {
  readonly name: string;
  readonly title: string;
  /** Filters of the convolutions before each pool. */
  readonly stages: readonly number[];
  /** Convolutions before each pool. */
  readonly depth: number;
  readonly why: string;
}

function vgg({ name, title, stages, depth, why }: Vgg): ChainDefinition {
  return chainDefinition({
    name,
    title,
    why,
    layers: (inputShape, classes) => {
      checkSmallest(name, inputShape, 8, "its pools halve images three times");
      return [
        ...stages.flatMap((filters, stage) => [
          ...Array.from({ length: depth }, (_, index) =>
            normalized(depth * stage + index + 1, filters),
          ).flat(),
          maxPool2d({ name: `M${stage + 1}` }),
        ]),
        globalAveragePool2d({ name: "average" }),
        dense({ name: "output", units: classes }),
      ];
    },
  });
}

export const vggSmall = vgg({
  name: "vggSmall",
  title: "Small VGG",
  stages: [64, 128, 256],
  depth: 2,
  why:
    "Simonyan and Zisserman 2015 (Very Deep Convolutional Networks, Table 1): the first three stages of their " +
    "configuration B, pairs of 3×3 convolutions of 64, 128 and 256 filters with a 2×2 max-pool behind each pair, " +
    "as images of 28 to 32 pixels bear three pools. Batch normalization, which is younger, stands between each " +
    "convolution and its ReLU: without it they trained shallow networks first. In place of their dense layers of " +
    "4,096 one dense layer reads the global average (Lin et al. 2014), so that the weights are as many for images " +
    "of any size. Chosen too: He's normal first weights; convolutions have no bias, which the normalization would " +
    "take out again; running statistics keep 0.9 a step and ε is 10⁻⁵, as Torch has them; pools leave an odd last row out. Takes images of 8 pixels and more.",
});

export const vggNarrow = vgg({
  name: "vggNarrow",
  title: "Narrow VGG",
  stages: [32, 64, 128],
  depth: 2,
  why: "vggSmall with half of its filters: a quarter of its products and weights. Takes images of 8 pixels and more.",
});

export const vggTiny = vgg({
  name: "vggTiny",
  title: "Tiny VGG",
  stages: [16, 32, 64],
  depth: 3,
  why:
    "vggSmall with a quarter of its filters and three convolutions before each pool, as configuration C of Simonyan and Zisserman " +
    "2015 has them in its later stages. Takes images of 8 pixels and more.",
});
