import type { Dataset, ImageSet } from "../../data/dataset.js";
import { createRandom } from "../../random.js";

const side = 12;
const size = side * side;

/** What is wrong in `flawedData`, by part and index. */
export const flaws = {
  /** Labels that name the next class. */
  labels: [
    ["train", 10],
    ["train", 45],
    ["test", 7],
  ],
  /** A training image that is a test image as well. */
  leak: { train: 20, test: 8 },
  /** Two training images of one picture and two labels. */
  conflict: [3, 33],
  /** All of one colour. */
  plain: 50,
  black: 51,
} as const;

/** An image of class c: three soft bars in a place of its own, each image's somewhat elsewhere. */
function draw(label: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const top = 1 + 3 * label + random.below(2);
  const left = random.below(4);
  const width = 4 + random.below(4);
  return Uint8Array.from({ length: size }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side];
    const inside = Math.abs(row - top) <= 1 && column >= left && column < left + width;
    return Math.min(255, random.below(70) + (inside ? 150 : 0));
  });
}

function setOf(count: number, seed: number): { images: Uint8Array; labels: Uint8Array } {
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 3);
  const images = new Uint8Array(count * size);
  for (const [image, label] of labels.entries()) images.set(draw(label, seed + image), image * size);
  return { images, labels };
}

/** 120 training and 30 test images of three classes, with the flaws above. */
export function flawedData(): Dataset {
  const train = setOf(120, 1000);
  const test = setOf(30, 2000);
  const at = (image: number): [number, number] => [image * size, (image + 1) * size];
  for (const [part, index] of flaws.labels) {
    const { labels } = part === "train" ? train : test;
    labels[index] = (labels[index] + 1) % 3;
  }
  train.images.set(test.images.subarray(...at(flaws.leak.test)), at(flaws.leak.train)[0]);
  const [first, second] = flaws.conflict;
  train.images.set(train.images.subarray(...at(first)), at(second)[0]);
  train.labels[second] = (train.labels[first] + 1) % 3;
  train.images.fill(90, ...at(flaws.plain));
  train.images.set(
    Uint8Array.from({ length: size }, (_, pixel) => (pixel * 7) % 20),
    at(flaws.black)[0],
  );
  const whole = ({ images, labels }: typeof train): ImageSet => ({ count: labels.length, images, labels });
  return {
    name: "flawed",
    imageShape: [side, side, 1],
    classNames: ["top", "middle", "bottom"],
    train: whole(train),
    test: whole(test),
  };
}
