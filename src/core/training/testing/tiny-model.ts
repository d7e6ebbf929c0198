import type { DatasetInMemory, ImageSetInMemory } from "../../data/dataset.js";
import { chainOf } from "../../graph/index.js";
import { batchNorm, conv2d, dense, dropout, flatten, maxPool2d } from "../../layers/index.js";
import type { Platform } from "../../platform.js";
import { createRandom } from "../../random.js";
import type { CompileOptions } from "../compile.js";
import { Model } from "../model.js";
import type { ModelOptions } from "../model-options.js";

export const tinyShape = [6, 6, 2];
const size = 72;

/** Images of class c are bright in two rows of their own, in the second channel less so. */
export function tinyImages(count: number, seed: number, brightness = 180): ImageSetInMemory {
  const random = createRandom(seed);
  const images = Uint8Array.from({ length: count * size }, (_, place) => {
    const label = Math.floor(place / size) % 3;
    const row = Math.floor((place % size) / 12);
    const bright = Math.floor(row / 2) === label ? brightness / (1 + (place % 2)) : 0;
    return random.below(70) + bright;
  });
  return { count, images, labels: Uint8Array.from({ length: count }, (_, image) => image % 3) };
}

/** 30 images train in steps of 8: three and a smaller one an epoch; 6 validate. */
export const tinyData: DatasetInMemory = {
  name: "tiny",
  imageShape: tinyShape,
  classNames: ["top", "middle", "bottom"],
  train: tinyImages(36, 1),
  test: tinyImages(12, 2),
};

export const tinyFit = { batchSize: 8, validationShare: 1 / 6 };

/** Makes models with all that a step's place in the training decides and all that it keeps: dropout, running statistics, and whatever `fit` varies. */
export function tinyModels(
  platform: Platform,
): (compile?: CompileOptions, options?: Partial<ModelOptions>) => Model {
  return (compile, options) => {
    const layers = [
      conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
      batchNorm(),
      maxPool2d(),
      dropout(0.2),
      flatten(),
      dense({ units: 8, activation: "relu" }),
      dense({ units: 3 }),
    ];
    const model = new Model(chainOf(layers, tinyShape), { platform, ...options });
    return model.compile({ threads: 1, learningRate: 0.01, ...compile });
  };
}
