import { checksum } from "../checksum.js";
import { UsageError } from "../errors.js";
import {
  checkValue,
  kindOfValue,
  type OptionTable,
  resolveOptions,
  typedArray,
  wholeNumber,
} from "../options/index.js";
import { plural } from "../words.js";
import type { ImageSet, ImageSetInMemory } from "./dataset.js";
import { fingerprintKind } from "./image-source.js";
import { type ImagesInOrder, imagesOf } from "./image-stream.js";
import { labelsKind } from "./labels.js";
import { pickImages } from "./pick-images.js";
import { checkGroups, groupsKind } from "./split.js";

/** What `subset` reads of a set: any `ImageSet` is one, and what `fit` takes as `train` where that has labels. */
export type LabelledSet = Pick<ImageSet, "labels" | "fingerprint" | "groups"> & {
  /** Default: as there are labels. */
  readonly count?: number | undefined;
  readonly images: Uint8Array | Uint8ClampedArray | ImagesInOrder;
};

const setOptions = {
  images: {
    meaning: "[N, H, W, C]",
    kind: kindOfValue<LabelledSet["images"]>(
      "bytes, or a function that gives images in an order",
      (value) =>
        value instanceof Uint8Array || value instanceof Uint8ClampedArray || typeof value === "function",
    ),
  },
  labels: { meaning: "one an image", kind: labelsKind },
  count: { meaning: "how many", kind: wholeNumber(), otherwise: "as there are labels" },
  fingerprint: { meaning: "whatever changes when the images do", kind: fingerprintKind, otherwise: "none" },
  groups: { meaning: "a number an image", kind: groupsKind, otherwise: "none" },
} satisfies OptionTable<LabelledSet>;

/** The same of images in memory: those that are taken are copied. */
export function subset(
  set: LabelledSet & { readonly images: Uint8Array | Uint8ClampedArray },
  indices: Uint32Array,
): ImageSetInMemory;
/**
 * Some of a set's images as a set of its own, in the order of `indices`, such as those that `fit` holds back:
 * `subset(train, splitDataset(train.labels, classes, { seed: 1, groups: train.groups }).validation)`, where the seed is
 * `fit`'s `splitSeed`. What a source gives stays where it is.
 *
 * @param set any `ImageSet`; what else it has, such as names of files, is left out
 * @param indices each below the number of the set's images
 * @throws UsageError on what is no such set, and on an index beyond it
 */
export function subset(set: LabelledSet, indices: Uint32Array): ImageSet;
export function subset(set: LabelledSet, indices: Uint32Array): ImageSet {
  const resolved = resolveOptions("subset: set", set, setOptions, { ignored: "the rest" });
  const { images, labels, groups, fingerprint, count = labels.length } = resolved;
  checkValue("subset", "indices", indices, typedArray("Uint32Array"));
  const size = typeof images === "function" ? 1 : labels.length > 0 ? images.length / labels.length : 0;
  if (count !== labels.length || !Number.isInteger(size) || (size === 0) !== (labels.length === 0)) {
    const held = typeof images === "function" ? "a source of images" : `${images.length} bytes of images`;
    throw new UsageError(
      `subset: set has ${held}, ${plural(labels.length, "label")} and a count of ${count}; give one label an image.`,
    );
  }
  if (groups) checkGroups("subset: set", groups, count);
  const beyond = indices.findIndex((index) => index >= count);
  if (beyond !== -1) {
    throw new UsageError(
      `subset: indices[${beyond}] is ${indices[beyond]}, but the set has ${plural(count, "image")}; give indices below that.`,
    );
  }
  const taken = indices.slice();
  return {
    count: taken.length,
    images:
      typeof images === "function"
        ? (order) => imagesOf(set, images)(order.map((index) => taken[index]))
        : pickImages(new Uint8Array(images.buffer, images.byteOffset, images.length), size, taken),
    labels: Uint32Array.from(taken, (index) => labels[index]),
    ...(groups && { groups: taken.map((index) => groups[index]) }),
    ...(fingerprint !== undefined && { fingerprint: `${fingerprint}, ${checksum(taken)} of it` }),
  };
}
