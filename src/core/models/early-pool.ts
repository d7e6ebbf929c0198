import { activation } from "../layers/activation.js";
import { batchNorm } from "../layers/batch-norm.js";
import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { globalMaxPool2d } from "../layers/global-max-pool2d.js";
import type { Layer } from "../layers/layer.js";
import { maxPool2d } from "../layers/max-pool2d.js";
import { type ChainDefinition, chainDefinition, checkSmallest } from "./definition.js";

const relu = (name: string): Layer => activation({ name, function: "relu" });

function block(index: number, filters: number): Layer[] {
  const of = (part: string): string => `block${index + 1}_${part}`;
  const convolution = (number: 1 | 2): Layer =>
    conv2d({
      name: of(`conv${number}`),
      filters,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      kernelInitializer: "heNormal",
    });
  const norm = (number: 1 | 2): Layer[] => [
    batchNorm({ name: of(`norm${number}`), momentum: 0.8, epsilon: 1e-5 }),
    relu(of(`relu${number}`)),
  ];
  return [convolution(1), maxPool2d({ name: of("pool") }), ...norm(1), convolution(2), ...norm(2)];
}

/** @param widths filters of the two convolutions of each block */
function earlyPool(widths: readonly [number, number, number]): ChainDefinition {
  const name = `earlyPool${widths[0]}` as const;
  return chainDefinition({
    name,
    title: `Early-pool ${widths[0]}`,
    why:
      "Our own, after Jordan's airbench (arXiv 2404.00498), whose order it has: a 2×2 convolution whitens the images, and each " +
      "of three blocks pools right behind the first of its two 3×3 convolutions, so that the second, batch normalization " +
      `and the rectifiers see a quarter of the pixels. Of ${widths.join(", ")} filters, where airbench has 64, 256 and 256, with ReLU, ` +
      "which joins its convolution, in place of GELU, He's normal first weights in place of identities, a normalization that scales, and no bias in the whitening. " +
      "Most of the accuracy of a network that pools late for a fraction of its products. Takes images of 9 pixels and more.",
    layers: (inputShape, classes) => {
      checkSmallest(name, inputShape, 9, "its pools halve images three times, behind a 2×2 window");
      const whitening = {
        kernelSize: 2,
        filters: 8 * inputShape[2],
        kernelInitializer: "whitening",
        // A bias would have gradients go through the widest convolution for its sake alone.
        useBias: false,
      } as const;
      return [
        conv2d({ name: "whitening", ...whitening }),
        relu("whitening_relu"),
        ...widths.flatMap((filters, index) => block(index, filters)),
        globalMaxPool2d({ name: "pool" }),
        dense({ name: "output", units: classes }),
      ];
    },
  });
}

export const earlyPool16 = earlyPool([16, 32, 64]);
export const earlyPool24 = earlyPool([24, 48, 96]);
export const earlyPool48 = earlyPool([48, 96, 144]);
