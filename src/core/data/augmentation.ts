import { UsageError } from "../errors.js";
import {
  convertedBy,
  flag,
  nearestName,
  number,
  type OptionKind,
  type OptionTable,
  quoted,
  Refusal,
  received,
  resolveOptions,
  wholeNumber,
} from "../options/index.js";
import { listed } from "../words.js";
import { type MixingOptions, mixingOptions } from "./mixing.js";

/** Random changes to training images; what is left out is off. */
export interface AugmentationOptions extends MixingOptions {
  /** Mirror left and right with probability ½. */
  readonly flip?: boolean;
  /** Largest shift along each axis, whole pixels. */
  readonly shift?: number;
  /** Largest turn to either side about the centre, degrees. */
  readonly rotate?: number;
  /** Largest change of scale: the factor is uniform in 1 ± zoom. */
  readonly zoom?: number;
  /** Largest share of the area that random erasing blanks, with probability ½ (Zhong et al. 2017). */
  readonly erase?: number;
}

/** Random changes to training images; every size is 0 where a change is off, and what mixes them is left out then. */
export type AugmentationConfig = Required<Omit<AugmentationOptions, keyof MixingOptions>> & MixingOptions;

export const augmentationOptions = {
  flip: { meaning: "mirrors left and right with probability ½", kind: flag(), default: false },
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
  ...mixingOptions,
} satisfies OptionTable<AugmentationOptions>;

export const noAugmentation: AugmentationConfig = { flip: false, shift: 0, rotate: 0, zoom: 0, erase: 0 };

/** Used where a change is asked for without a number. */
const usualSizes = { shift: 2, rotate: 10, zoom: 0.1, erase: 0.25, mixup: 0.2, cutmix: 1 } as const;

type SizedChange = keyof typeof usualSizes;

const changes = Object.keys(augmentationOptions);
const example = "flip,shift=2,rotate=10,zoom=0.1,erase=0.25,mixup=0.2,cutmix=1";

/**
 * Fills in an augmentation, given as options or as a list that `parseAugmentation` reads.
 * @throws UsageError on an unknown name, or a value that is not allowed.
 */
export function resolveAugmentation(given: string | AugmentationOptions): AugmentationConfig {
  if (typeof given === "string") return parseAugmentation(given);
  return withoutIdleMixing(resolveOptions("augmentation", given, augmentationOptions));
}

/** An augmentation as an option of something else. */
export const augmentationKind: OptionKind<AugmentationConfig, string | AugmentationOptions> = convertedBy(
  `options such as { flip: true }, or a list such as "${example}"`,
  resolveAugmentation,
);

/**
 * Reads a list such as `flip,shift=2,rotate=10,zoom=0.1,erase=0.25,mixup=0.2,cutmix=1`; `none` asks for nothing. A name without
 * a number takes the one of this example.
 * @throws UsageError on an unknown or repeated name, or a number out of range.
 */
export function parseAugmentation(text: string): AugmentationConfig {
  if (typeof text !== "string") {
    throw new UsageError(`An augmentation must be a list such as "${example}", but is ${received(text)}.`);
  }
  const config: { -readonly [Name in keyof AugmentationConfig]: AugmentationConfig[Name] } = {
    ...noAugmentation,
  };
  if (text.trim() === "none") return config;
  const seen = new Set<string>();
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const separator = part.indexOf("=");
    const name = separator === -1 ? part : part.slice(0, separator).trim();
    const value = separator === -1 ? undefined : part.slice(separator + 1).trim();
    if (seen.has(name)) {
      throw new UsageError(`Augmentation ${quoted(name)} is given twice in ${quoted(text)}.`);
    }
    seen.add(name);
    if (name === "flip") {
      if (value !== undefined) {
        throw new UsageError(`Augmentation "flip" takes no number, got ${quoted(value)}.`);
      }
      config.flip = true;
    } else if (isSizedChange(name)) {
      config[name] = value === undefined ? usualSizes[name] : sizeOf(name, value);
    } else {
      const nearest = nearestName(name, changes);
      throw new UsageError(
        `Unknown augmentation ${quoted(name)}${nearest ? ` (did you mean ${nearest}?)` : ""}: expected ` +
          `${listed(changes, "or")}, in a list such as ${example}, or none.`,
      );
    }
  }
  return withoutIdleMixing(config);
}

function withoutIdleMixing({ mixup, cutmix, ...others }: AugmentationConfig): AugmentationConfig {
  return { ...others, ...(mixup && { mixup }), ...(cutmix && { cutmix }) };
}

function isSizedChange(name: string): name is SizedChange {
  return Object.hasOwn(usualSizes, name);
}

function sizeOf(name: SizedChange, value: string): number {
  const { kind } = augmentationOptions[name];
  const size = kind.read(value === "" ? Number.NaN : Number(value));
  if (!(size instanceof Refusal)) return size;
  throw new UsageError(
    `Augmentation ${quoted(`${name}=${value}`)} is out of range: expected ${kind.expected}.`,
  );
}
