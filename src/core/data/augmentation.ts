import { UsageError } from "../errors.js";
import {
  convertedBy,
  flag,
  kindOfValue,
  number,
  type OptionKind,
  type OptionTable,
  range,
  readOptionList,
  resolveOptions,
  type Settled,
  wholeNumber,
} from "../options/index.js";
import { type MixingOptions, mixingOptions } from "./mixing.js";

/**
 * Random changes to training images; what is left out is off. They come in this order: the crop, the mirror, turn,
 * zoom and shift in one, colours, erasing, and what mixes images with each other. Each but the mixing follows from the model's seed, the epoch and the image's index
 * alone.
 */
export interface AugmentationOptions extends MixingOptions {
  /**
   * Mirror left and right with probability ½, drawn anew each epoch; or "alternate": half of the images in one epoch
   * and the others in the next, so that any two epochs in a row show both sides of each (Jordan 2024, airbench).
   */
  readonly flip?: boolean | "alternate" | undefined;
  /** Largest shift along each axis, whole pixels. */
  readonly shift?: number | undefined;
  /** Largest turn to either side about the centre, degrees. */
  readonly rotate?: number | undefined;
  /** Largest change of scale: the factor is uniform in 1 ± zoom. */
  readonly zoom?: number | undefined;
  /** Largest share of the area that random erasing blanks, with probability ½ (Zhong et al. 2017). */
  readonly erase?: number | undefined;
  /**
   * Whether shifts, turns and zooms bring in the image mirrored at its outermost pixels, which are not repeated
   * (PyTorch's "reflect"), where there is black otherwise.
   */
  readonly reflect?: boolean | undefined;
  /**
   * A part of the image, its share of the area uniform in [least, greatest], is enlarged to the whole, bilinear between
   * the part's own pixels: torchvision's RandomResizedCrop (Szegedy et al. 2015, Inception). No part is larger than
   * the whole, so nothing is ever shrunk.
   */
  readonly crop?: readonly [number, number] | undefined;
  /** Width by height of that part, [least, greatest], drawn uniformly in its logarithm (default [3/4, 4/3]). */
  readonly ratio?: readonly [number, number] | undefined;
  /**
   * Largest change of brightness, b: v → f · v, f uniform in [max(0, 1 − b), 1 + b]. This and the next three are
   * torchvision's ColorJitter, in an order drawn for each image, on numbers 0 … 255 that are clipped but not rounded.
   */
  readonly brightness?: number | undefined;
  /** Largest change of contrast: v → f · v + (1 − f) · m, m the mean of the image's grey, f as for brightness. */
  readonly contrast?: number | undefined;
  /** Largest change of saturation: v → f · v + (1 − f) · grey of the pixel, f as for brightness; of three channels. */
  readonly saturation?: number | undefined;
  /** Largest turn of the hue to either side, as a share of the circle of HSV's hues; of three channels. */
  readonly hue?: number | undefined;
  /** Probability of turning to grey, 0.2989 R + 0.587 G + 0.114 B in all three channels. */
  readonly grey?: number | undefined;
}

/**
 * Random changes to training images, checked. The first five are always told, 0 or false where they are off; the others
 * are absent then, so that what was recorded before they came still says the same.
 */
export type AugmentationConfig = AugmentationOptions &
  Settled<Pick<AugmentationOptions, "flip" | "shift" | "rotate" | "zoom" | "erase">>;

const factor = number({ from: 0 });
const flips = [true, false, "alternate"] as const;

export const augmentationOptions = {
  flip: {
    meaning: "mirrors left and right with probability ½, or each image in every other epoch",
    kind: kindOfValue<(typeof flips)[number]>('true, false or "alternate"', (value) =>
      flips.some((each) => each === value),
    ),
    default: false,
  },
  shift: {
    meaning: "largest shift along each axis",
    kind: wholeNumber({ from: 0, note: "pixels" }),
    default: 0,
  },
  rotate: {
    meaning: "largest turn to either side about the centre",
    kind: number({ from: 0, to: 180, note: "degrees" }),
    default: 0,
  },
  zoom: {
    meaning: "largest change of scale: the factor is uniform in 1 ± zoom",
    kind: number({ from: 0, below: 1 }),
    default: 0,
  },
  erase: {
    meaning: "largest share of the area that random erasing blanks, with probability ½",
    kind: number({ from: 0, to: 1, note: "a share of the area" }),
    default: 0,
  },
  reflect: {
    meaning: "whether shifts, turns and zooms bring in the mirrored image",
    kind: flag(),
    otherwise: "false: they bring in black",
  },
  crop: {
    meaning: "least and greatest share of the area that is enlarged to the whole",
    kind: range({ above: 0, to: 1 }),
    otherwise: "the whole is taken",
  },
  ratio: {
    meaning: "least and greatest width by height of a crop",
    kind: range({ above: 0 }),
    otherwise: "[3/4, 4/3]",
  },
  brightness: { meaning: "largest change of brightness", kind: factor, otherwise: "none" },
  contrast: { meaning: "largest change of contrast", kind: factor, otherwise: "none" },
  saturation: { meaning: "largest change of saturation", kind: factor, otherwise: "none" },
  hue: {
    meaning: "largest turn of the hue to either side",
    kind: number({ from: 0, to: 0.5, note: "a share of the circle" }),
    otherwise: "none",
  },
  grey: {
    meaning: "probability of turning to grey",
    kind: number({ from: 0, to: 1 }),
    otherwise: "never",
  },
  ...mixingOptions,
} satisfies OptionTable<AugmentationOptions>;

export const noAugmentation: AugmentationConfig = { flip: false, shift: 0, rotate: 0, zoom: 0, erase: 0 };

/** torchvision's. */
export const usualRatio = [3 / 4, 4 / 3] as const;

const listSettings = {
  one: "augmentation",
  example: "flip,shift=2,rotate=10,zoom=0.1,erase=0.25",
  usual: {
    flip: true,
    shift: 2,
    rotate: 10,
    zoom: 0.1,
    erase: 0.25,
    reflect: true,
    crop: [0.6, 1],
    ratio: usualRatio,
    brightness: 0.2,
    contrast: 0.2,
    saturation: 0.2,
    hue: 0.05,
    grey: 0.1,
    mixup: 0.2,
    cutmix: 1,
  },
  orNone: true,
};

/**
 * Fills in an augmentation, given as options or as a list that `parseAugmentation` reads.
 * @throws UsageError on an unknown name, or a value that is not allowed.
 */
export function resolveAugmentation(given: string | AugmentationOptions): AugmentationConfig {
  if (typeof given === "string") return parseAugmentation(given);
  return checked(resolveOptions("augmentation", given, augmentationOptions));
}

/** An augmentation as an option of something else. */
export const augmentationKind: OptionKind<AugmentationConfig, string | AugmentationOptions> = convertedBy(
  `options such as { flip: true }, or a list such as "${listSettings.example}"`,
  resolveAugmentation,
);

/**
 * Reads a list such as `flip,shift=2,rotate=10,zoom=0.1,erase=0.25`, or `flip=alternate,reflect,shift,crop=0.6-1,hue`;
 * `none` asks for nothing. A name without a value takes the usual one: those of the first list, and crop=0.6-1,
 * brightness=0.2, contrast=0.2, saturation=0.2, hue=0.05, grey=0.1, mixup=0.2, cutmix=1.
 * @throws UsageError on an unknown or repeated name, or a number out of range.
 */
export function parseAugmentation(text: string): AugmentationConfig {
  const given = readOptionList(text, augmentationOptions, listSettings);
  return checked({ ...noAugmentation, ...given } as AugmentationConfig);
}

/** @throws UsageError on what changes nothing, since what it belongs to is off */
function checked(config: AugmentationConfig): AugmentationConfig {
  const { shift, rotate, zoom, reflect, crop, ratio } = config;
  if (ratio && !crop) {
    throw new UsageError(
      "The augmentation has a ratio but no crop; give a crop, such as [0.6, 1], or leave the ratio out.",
    );
  }
  if (reflect && shift === 0 && rotate === 0 && zoom === 0) {
    throw new UsageError(
      "The augmentation reflects borders, but nothing moves an image beyond them; give a shift, rotate or zoom, or leave reflect out.",
    );
  }
  return withoutIdleMixing(config);
}

function withoutIdleMixing({ mixup, cutmix, ...others }: AugmentationConfig): AugmentationConfig {
  return { ...others, ...(mixup && { mixup }), ...(cutmix && { cutmix }) };
}
