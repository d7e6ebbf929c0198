import { basename } from "node:path";
import type { PartName } from "../../../core/data/assemble.js";
import { partOfName } from "../place.js";

/** What an array holds, by its name. */
export interface ArrayRole {
  /** Undefined where the name speaks of no part: `x` and `y`. */
  readonly part: PartName | undefined;
  readonly what: "images" | "labels";
}

const imageWords = ["x", "image", "images", "img", "imgs", "data", "pixels"];
const labelWords = ["y", "label", "labels", "target", "targets"];

/** What `x_train`, `train_images`, `kmnist-test-imgs` and their like hold; undefined where nobody can tell. */
export function arrayRole(name: string): ArrayRole | undefined {
  const words = name
    .toLowerCase()
    // xtrain, trainX.
    .replace(/^([xy])(train|test|val)/, "$1_$2")
    .replace(/^(train|test|val)([xy])$/, "$1_$2")
    .split(/[^a-z0-9]+/);
  const what = labelWords.some((word) => words.includes(word))
    ? "labels"
    : imageWords.some((word) => words.includes(word))
      ? "images"
      : undefined;
  return what && { part: partOfName(words.join(" ")), what };
}

/** What an array is called: by itself, or by its file where its own name says nothing, as np.save and np.savez write it. */
export const arrayName = (file: string, entry: string): string =>
  /^arr_\d+$/.test(entry) ? basename(file).replace(/\.(npz|npy)$/i, "") : entry;
