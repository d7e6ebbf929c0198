import {
  chainOf,
  conv2d,
  dense,
  dropout,
  type FitEventsOptions,
  flatten,
  maxPool2d,
  type TrainingData,
} from "../../core/index.js";
import { createRandom } from "../../core/random.js";

// What is trained in Node and in a browser, to compare the bytes: it imports the core alone.

const shape = [12, 12, 1];
const classes = 3;

/** A few layers of different kinds, one of which draws numbers. */
export const caseGraph = () =>
  chainOf(
    [
      conv2d({ filters: 8, kernelSize: 3, padding: "same", activation: "relu" }),
      maxPool2d(),
      flatten(),
      dropout(0.3),
      dense({ units: 16, activation: "relu" }),
      dense({ units: classes }),
    ],
    shape,
  );

/** Noise on bars that stand elsewhere in each class. */
export function caseData(
  count = 198,
): Omit<TrainingData, "validation"> & { train: { images: Uint8Array; labels: Uint8Array } } {
  const random = createRandom(5);
  const [height, width] = shape;
  const labels = Uint8Array.from({ length: count }, (_, image) => image % classes);
  const images = Uint8Array.from({ length: count * height * width }, (_, pixel) => {
    const column = pixel % width;
    const label = labels[Math.floor(pixel / (height * width))];
    return random.below(100) + (Math.floor(column / (width / classes)) === label ? 120 : 0);
  });
  return { name: "bars", classNames: ["left", "middle", "right"], train: { images, labels } };
}

/** Ten steps of 16 images, the last one of 15; the rest validates. */
export const caseFit: FitEventsOptions = {
  epochs: 1,
  batchSize: 16,
  augmentation: "flip=alternate,shift=2,rotate=10,zoom=0.1,erase=0.2,reflect,crop=0.5-1,contrast",
};

export const caseOptions = { seed: 1, threads: 2 };
