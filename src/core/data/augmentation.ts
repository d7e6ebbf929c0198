import { UsageError } from "../errors.js";

/** Random changes to training images; every size is 0 where a change is off. */
export interface AugmentationConfig {
  /** Mirror left and right with probability ½. */
  readonly flip: boolean;
  /** Largest shift along each axis, whole pixels. */
  readonly shift: number;
  /** Largest turn to either side about the centre, degrees. */
  readonly rotate: number;
  /** Largest change of scale: the factor is uniform in 1 ± zoom. */
  readonly zoom: number;
  /** Largest share of the area that random erasing blanks, with probability ½ (Zhong et al. 2017). */
  readonly erase: number;
}

export const NO_AUGMENTATION: AugmentationConfig = { flip: false, shift: 0, rotate: 0, zoom: 0, erase: 0 };

/** Used where a change is asked for without a number. */
const DEFAULTS = { shift: 2, rotate: 10, zoom: 0.1, erase: 0.25 } as const;

type SizedChange = keyof typeof DEFAULTS;

const RANGES: Readonly<
  Record<SizedChange, { readonly words: string; readonly holds: (size: number) => boolean }>
> = {
  shift: {
    words: "a whole number of pixels, 0 or more",
    holds: (size) => Number.isInteger(size) && size >= 0,
  },
  rotate: { words: "degrees from 0 to 180", holds: (size) => size >= 0 && size <= 180 },
  zoom: { words: "a number from 0 to less than 1", holds: (size) => size >= 0 && size < 1 },
  erase: { words: "a share of the area from 0 to 1", holds: (size) => size >= 0 && size <= 1 },
};

const EXAMPLE = "flip,shift=2,rotate=10,zoom=0.1,erase=0.25";

/**
 * Reads a list such as `flip,shift=2,rotate=10,zoom=0.1,erase=0.25`; `none` asks for nothing. A name without
 * a number takes the one of this example.
 * @throws UsageError on an unknown or repeated name, or a number out of range.
 */
export function parseAugmentation(text: string): AugmentationConfig {
  if (text.trim() === "none") return NO_AUGMENTATION;
  const config = { ...NO_AUGMENTATION };
  const seen = new Set<string>();
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const separator = part.indexOf("=");
    const name = separator === -1 ? part : part.slice(0, separator).trim();
    const value = separator === -1 ? undefined : part.slice(separator + 1).trim();
    if (seen.has(name)) throw new UsageError(`Augmentation "${name}" is given twice in "${text}".`);
    seen.add(name);
    if (name === "flip") {
      if (value !== undefined) throw new UsageError(`Augmentation "flip" takes no number, got "${value}".`);
      config.flip = true;
    } else if (isSizedChange(name)) {
      config[name] = value === undefined ? DEFAULTS[name] : sizeOf(name, value);
    } else {
      throw new UsageError(
        `Unknown augmentation "${name}": expected flip, shift, rotate, zoom or erase, in a list such as ${EXAMPLE}, or none.`,
      );
    }
  }
  return config;
}

/** Whether any change is on. */
export function isAugmented(config: AugmentationConfig): boolean {
  return config.flip || config.shift > 0 || config.rotate > 0 || config.zoom > 0 || config.erase > 0;
}

function isSizedChange(name: string): name is SizedChange {
  return Object.hasOwn(DEFAULTS, name);
}

function sizeOf(name: SizedChange, value: string): number {
  const size = value === "" ? Number.NaN : Number(value);
  const range = RANGES[name];
  if (!range.holds(size)) {
    throw new UsageError(`Augmentation "${name}=${value}" is out of range: expected ${range.words}.`);
  }
  return size;
}
