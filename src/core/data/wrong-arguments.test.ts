import { describe } from "node:test";
import { fuzzed, itRefusesWrongArguments } from "../../testing/wrong-arguments.js";
import { checkValue } from "../options/index.js";
import {
  type AugmentationConfig,
  augmentationKind,
  parseAugmentation,
  resolveAugmentation,
} from "./augmentation.js";
import { splitDataset } from "./split.js";
import { subset } from "./subset.js";

const augmentation = ({ flip, reflect, crop, ratio, ...sizes }: AugmentationConfig) =>
  [true, false, "alternate"].includes(flip) &&
  ["boolean", "undefined"].includes(typeof reflect) &&
  Object.keys(sizes).join().startsWith("shift,rotate,zoom,erase") &&
  [...Object.values(sizes), ...(crop ?? []), ...(ratio ?? [])].every((size) => size >= 0 && size <= 2 ** 53);

describe("data", () => {
  itRefusesWrongArguments({
    parseAugmentation: fuzzed({
      call: parseAugmentation,
      args: ["flip,shift=2,crop=0.5-1"],
      holds: augmentation,
    }),
    resolveAugmentation: fuzzed({
      call: resolveAugmentation,
      args: [
        { flip: true, shift: 2, rotate: 10, zoom: 0.1, erase: 0.2, reflect: true, crop: [0.5, 1], hue: 0.1 },
      ],
      holds: augmentation,
    }),
    "an augmentation as an option": fuzzed({
      call: (given: unknown) => checkValue("fit", "augmentation", given, augmentationKind),
      args: [{ flip: true }],
      holds: augmentation,
    }),
    subset: fuzzed({
      call: subset,
      args: [{ images: () => [], labels: Uint8Array.of(0, 1) }, Uint32Array.of(1)],
      holds: ({ count, labels }) => count === labels.length,
    }),
    splitDataset: fuzzed({
      call: splitDataset,
      args: [Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1), 2, { limit: 4, validationShare: 0.5, seed: 1 }],
      holds: ({ train, validation }) =>
        train.length > 0 && [...train, ...validation].every((index) => index < 9),
    }),
  });
});
