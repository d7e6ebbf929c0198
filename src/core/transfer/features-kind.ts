import { type OptionTable, optionsOf, typedArray, wholeNumber } from "../options/index.js";
import type { Features } from "./features.js";

/** What a body makes of images, as an option. */
export const featuresKind = optionsOf({
  size: { meaning: "how many numbers an image", kind: wholeNumber({ from: 1 }) },
  plain: { meaning: "those of each image", kind: typedArray("Float32Array") },
  mirrored: {
    meaning: "those of each mirror image",
    kind: typedArray("Float32Array"),
    otherwise: "not known",
  },
} satisfies OptionTable<Features>);
