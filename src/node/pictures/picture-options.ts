import {
  backgroundKind,
  type PicturePreparation,
  pictureChannelsKind,
  resizeKind,
} from "../../core/data/picture-preparation.js";
import {
  either,
  flag,
  functionKind,
  kindOfValue,
  number,
  type OptionTable,
  share,
  sizePair,
  text,
  wholeNumber,
} from "../../core/options/index.js";
import type { OnDataProgress } from "../data/progress.js";

const size = { meaning: "pixels, [height, width], or one number for both", kind: sizePair() } as const;

const framing = {
  channels: { meaning: "grey, or red, green and blue", kind: pictureChannelsKind, default: 3 },
  resize: {
    meaning:
      "how a picture of other proportions gets the size: its middle, all of it beside a background, or each side by itself",
    kind: resizeKind,
    default: "crop",
  },
  background: {
    meaning: "grey beside a picture and behind a transparent one",
    kind: backgroundKind,
    default: 255,
  },
} as const satisfies OptionTable<Partial<Omit<PicturePreparation, "size">>>;

/** How pictures become the bytes that a model takes. */
export const preparationOptions = { size, ...framing };

/** How a data set is made of pictures; all of it may be left out. */
export interface PictureOptions {
  /** Pixels, [height, width], or one number for both (default 96). */
  readonly size?: number | readonly [height: number, width: number] | undefined;
  /** 1 grey, or 3 red, green and blue (default 3). */
  readonly channels?: 1 | 3 | undefined;
  /** How a picture of other proportions gets the size (default "crop"): see `PicturePreparation`. */
  readonly resize?: "crop" | "fit" | "stretch" | undefined;
  /** Grey, 0 … 255, beside a picture and behind a transparent one (default 255). */
  readonly background?: number | undefined;
  /** Decides which pictures test, where no part for that is given (default 1). */
  readonly seed?: number | undefined;
  /** Share of each class that tests, where no part for that is given (default 0.2); of 1 none are left to train. */
  readonly testShare?: number | undefined;
  /** Up to this share of the files may be unusable: they are listed and left out (default 0.05). */
  readonly skipShare?: number | undefined;
  /** Where decoded pictures are kept for the next time (default: heddle's cache folder), or false. */
  readonly cacheFolder?: string | false | undefined;
  /** Compares the files' content with what the cache knows of it, not only their size and time (default false). */
  readonly verify?: boolean | undefined;
  /** Bytes that the images of a part may take in memory; beyond, they are read from the cache as they are wanted (default: a quarter of the machine's memory). */
  readonly memoryLimit?: number | undefined;
  /** Told what goes on. */
  readonly onProgress?: OnDataProgress | undefined;
  /** Stops it. What has been decoded until then is kept. */
  readonly signal?: AbortSignal | undefined;
}

export const pictureOptions = {
  size: { ...size, default: 96 },
  ...framing,
  seed: { meaning: "decides which pictures test", kind: wholeNumber(), default: 1 },
  testShare: {
    meaning: "share of each class that tests, where no part for that is given",
    kind: number({ above: 0, to: 1 }),
    default: 0.2,
  },
  skipShare: { meaning: "share of the files that may be left out", kind: share(), default: 0.05 },
  cacheFolder: {
    meaning: "where decoded pictures are kept, or false",
    kind: either(
      text(undefined, "the path of a folder"),
      kindOfValue<false>("false", (value) => value === false),
    ),
    otherwise: "heddle's cache folder",
  },
  verify: { meaning: "whether contents are compared with the cache", kind: flag(), default: false },
  memoryLimit: {
    meaning: "bytes that the images of a part may take in memory",
    kind: wholeNumber({ from: 1 }),
    otherwise: "a quarter of the machine's memory",
  },
  onProgress: {
    meaning: "told what goes on",
    kind: functionKind<OnDataProgress>(),
    otherwise: "nobody is",
  },
  signal: {
    meaning: "stops it",
    kind: kindOfValue<AbortSignal>("an AbortSignal", (value) => value instanceof AbortSignal),
    otherwise: "nothing does",
  },
} satisfies OptionTable<PictureOptions>;
