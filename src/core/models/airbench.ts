import { activation } from "../layers/activation.js";
import { batchNorm } from "../layers/batch-norm.js";
import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { globalMaxPool2d } from "../layers/global-max-pool2d.js";
import type { Layer } from "../layers/layer.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { scale } from "../layers/scale.js";
import { chainDefinition, checkSmallest } from "./definition.js";

const name = "airbench";

/** Filters of the two convolutions of each block. */
const blocks = [64, 256, 256];

const gelu = (name: string): Layer => activation({ name, function: "gelu" });

function block(index: number, filters: number): Layer[] {
  const of = (part: string): string => `block${index + 1}_${part}`;
  const convolution = (number: 1 | 2): Layer =>
    conv2d({
      name: of(`conv${number}`),
      filters,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      kernelInitializer: "diracUniform",
    });
  const norm = (number: 1 | 2): Layer[] => [
    batchNorm({ name: of(`norm${number}`), momentum: 0.6, epsilon: 1e-12, scale: false }),
    gelu(of(`gelu${number}`)),
  ];
  return [convolution(1), maxPool2d({ name: of("pool") }), ...norm(1), convolution(2), ...norm(2)];
}

export const airbench = chainDefinition({
  name,
  title: "Airbench",
  why:
    "Jordan 2024 (94% on CIFAR-10 in 3.29 Seconds on a Single GPU, arXiv 2404.00498): the network that held the record for " +
    "training to 94% on CIFAR-10. A 2×2 convolution whitens the images: its kernel is worked out from those that train, when " +
    "training begins, and stays; its bias is trained. Three blocks of two 3×3 convolutions with 64, 256 and 256 filters " +
    "follow, a pool behind the first of each, GELU, and batch normalization that shifts but doesn't scale, keeps 0.6 of its " +
    "running statistics a step and has an ε of 10⁻¹². Their kernels begin with passing their input on. The largest value of " +
    "each channel goes into a dense layer without a bias, whose logits are divided by 9. Chosen: the whitening subtracts the " +
    "mean, which normalized images don't have; its bias is trained to the end, where the paper stops after three epochs, " +
    "to save time; the last pool takes what is left of images of any size, which for 28 to 32 pixels is the paper's 3×3; " +
    "the dense layer begins with Glorot's weights. The paper trains with Nesterov momentum of 0.85, label smoothing of 0.2, " +
    "flips and shifts of two pixels. Takes images of 9 pixels and more.",
  layers: (inputShape, classes) => {
    checkSmallest(name, inputShape, 9, "its pools halve images three times, behind a 2×2 window");
    const whitening = { kernelSize: 2, filters: 8 * inputShape[2], kernelInitializer: "whitening" } as const;
    return [
      conv2d({ name: "whitening", ...whitening }),
      gelu("whitening_gelu"),
      ...blocks.flatMap((filters, index) => block(index, filters)),
      globalMaxPool2d({ name: "pool" }),
      dense({ name: "output", units: classes, useBias: false }),
      scale({ name: "scaling", factor: 1 / 9 }),
    ];
  },
});
