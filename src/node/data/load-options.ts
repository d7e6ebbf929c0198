import { type ImageLayout, imageLayouts } from "../../core/data/image-array.js";
import {
  backgroundKind,
  type PicturePreparation,
  pictureChannelsKind,
  preparationKind,
  resizeKind,
} from "../../core/data/picture-preparation.js";
import {
  choice,
  functionKind,
  kindOfValue,
  number,
  type Optional,
  type OptionTable,
  type ResolvedOptions,
  share,
  sizePair,
  wholeNumber,
} from "../../core/options/index.js";
import type { FashionMnistSources } from "./fashion-mnist.js";
import { type DataKindName, dataKindNames } from "./kind-names.js";
import type { OnDataProgress } from "./progress.js";

/** What is said of a data set beside where it is: JSON values, which a run keeps. */
export interface DataSetOptions extends Optional<Omit<PicturePreparation, "size">> {
  /** What it is (default: told by what is there). */
  readonly kind?: DataKindName | undefined;
  /**
   * [height, width], or one number for both: what pictures become, and what rows of pixels are (default: square).
   */
  readonly size?: number | readonly [height: number, width: number] | undefined;
  /** Where the channels of arrays lie, NHWC or NCHW (default: told by the axes). */
  readonly layout?: ImageLayout | undefined;
  /** Up to this share of the pictures may be broken: they are listed and left out (default 0.05). */
  readonly skipShare?: number | undefined;
  /** How pictures were prepared before: it counts before size, channels, resize and background. */
  readonly preparation?: PicturePreparation | undefined;
  /** Share of each class that is kept for the test where no part is there to judge on (default 0.2). */
  readonly testShare?: number | undefined;
  /** Decides which images those are (default 1). */
  readonly testSeed?: number | undefined;
}

/** How a data set is looked for. */
export interface LoadOptions extends DataSetOptions {
  /** Told what goes on. */
  readonly onProgress?: OnDataProgress | undefined;
  /** Stops the search and any download. */
  readonly signal?: AbortSignal | undefined;
  /** Where Fashion-MNIST is looked for (default: the cache, the system's package, then the network). */
  readonly sources?: Partial<FashionMnistSources> | undefined;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

export const dataSetOptions = {
  kind: { meaning: "what the data set is", kind: choice(dataKindNames), otherwise: "told by what is there" },
  size: {
    meaning: "pixels that pictures become and rows of pixels are, [height, width], or one number for both",
    kind: sizePair(),
    otherwise: "what the kind has",
  },
  channels: {
    meaning: "1 for grey, 3 for red, green and blue: what pictures become, and what rows of pixels are",
    kind: pictureChannelsKind,
    otherwise: "what the kind has",
  },
  resize: {
    meaning: "how a picture of other proportions gets the size",
    kind: resizeKind,
    otherwise: "crop",
  },
  background: {
    meaning: "grey beside a picture and behind a transparent one",
    kind: backgroundKind,
    otherwise: "255",
  },
  layout: {
    meaning: "where the channels of arrays lie",
    kind: choice(imageLayouts),
    otherwise: "told by the axes",
  },
  skipShare: { meaning: "share of the pictures that may be left out", kind: share(), otherwise: "0.05" },
  preparation: {
    meaning: "how pictures were prepared before",
    kind: preparationKind,
    otherwise: "as the other options say",
  },
  testShare: {
    meaning: "share of each class that is kept for the test where no part is there to judge on",
    kind: number({ above: 0, to: 1 }),
    default: 0.2,
  },
  testSeed: { meaning: "decides which images those are", kind: wholeNumber(), default: 1 },
} as const satisfies OptionTable<DataSetOptions>;

export const loadOptions = {
  ...dataSetOptions,
  onProgress: {
    meaning: "told what goes on",
    kind: functionKind<OnDataProgress>(),
    otherwise: "nobody is told",
  },
  signal: {
    meaning: "stops the search and any download",
    kind: kindOfValue<AbortSignal>("an AbortSignal", (value) => value instanceof AbortSignal),
    otherwise: "nothing stops it",
  },
  sources: {
    meaning: "where Fashion-MNIST is looked for",
    kind: kindOfValue<Partial<FashionMnistSources>>(
      "an object of what differs: cacheFolder, debianFolder, addresses and the like",
      isObject,
    ),
    otherwise: "the cache, the system's package, then the network",
  },
} as const satisfies OptionTable<LoadOptions>;

/** The options of a call, checked. */
export type ResolvedLoadOptions = ResolvedOptions<typeof loadOptions>;
