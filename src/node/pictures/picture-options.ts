import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { choice, kindOfValue, type OptionTable, sizePair, wholeNumber } from "../../core/options/index.js";

const channelsKind = kindOfValue<1 | 3>(
  "1 (grey) or 3 (red, green and blue)",
  (value) => value === 1 || value === 3,
);

/** A preparation of which all but the size may be left out. */
type PreparationOptions = Pick<PicturePreparation, "size"> & Partial<Omit<PicturePreparation, "size">>;

/** How pictures become the bytes that a model takes. */
export const preparationOptions = {
  size: { meaning: "pixels, [height, width], or one number for both", kind: sizePair() },
  channels: { meaning: "grey, or red, green and blue", kind: channelsKind, default: 3 },
  resize: {
    meaning:
      "how a picture of other proportions gets the size: its middle, all of it beside a background, or each side by itself",
    kind: choice(["crop", "fit", "stretch"]),
    default: "crop",
  },
  background: {
    meaning: "grey beside a picture and behind a transparent one",
    kind: wholeNumber({ from: 0, to: 255 }),
    default: 255,
  },
} as const satisfies OptionTable<PreparationOptions>;
