import { HeddleError, UsageError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import {
  convertedBy,
  flag,
  type OptionKind,
  type OptionTable,
  readOptionList,
  resolveOptions,
  type Settled,
  wholeNumber,
} from "../options/index.js";

/** Which views of an image a prediction is the mean of, beside the image as it is. */
export interface ViewOptions {
  /** Its mirror image too, left and right: half of the weight. */
  readonly flip?: boolean | undefined;
  /**
   * Two more, moved by so many whole pixels up and to the left, and down and to the right, with reflected borders
   * (PyTorch's "reflect"): a quarter of the weight each. With `flip` each of the three is mirrored as well.
   */
  readonly shift?: number | undefined;
}

/** Views, checked: at least one beside the image itself. */
export type Views = Settled<ViewOptions>;

export const viewOptions = {
  flip: { meaning: "the mirror image, left and right", kind: flag(), default: false },
  shift: {
    meaning: "two shifted images, up and left and down and right",
    kind: wholeNumber({ from: 0, note: "pixels" }),
    default: 0,
  },
} satisfies OptionTable<ViewOptions>;

const listSettings = { one: "view", example: "flip,shift=1", usual: { flip: true, shift: 1 }, orNone: true };

/**
 * Reads views; "none", or null, is the image alone.
 *
 * @returns undefined of the image alone
 * @throws UsageError on an unknown view, a value that is not allowed, or options that ask for nothing
 */
export function resolveViews(given: string | ViewOptions | null): Views | undefined {
  if (given === null || (typeof given === "string" && given.trim() === "none")) return undefined;
  const options =
    typeof given === "string" ? (readOptionList(given, viewOptions, listSettings) as ViewOptions) : given;
  const views = resolveOptions("views", options, viewOptions);
  if (views.flip || views.shift > 0) return views;
  throw new UsageError(
    'The views are none beside the image itself; give flip: true, shift: 1, or both, or "none".',
  );
}

/** Views as an option of something else: `{ flip: true }`, a list such as "flip,shift=1", or "none". */
export const viewsKind: OptionKind<Views | undefined, string | ViewOptions | null> = convertedBy(
  `views such as { flip: true, shift: 1 }, a list such as "${listSettings.example}", or "none"`,
  resolveViews,
);

/** @param imageShape [H, W, C] @throws HeddleError where images of this shape are too small to be shifted so far */
export function checkViews({ shift }: Views, [height, width]: Shape): void {
  const most = Math.min(height, width) - 1;
  if (shift <= most) return;
  throw new HeddleError(
    `The views shift images of ${height}×${width} by ${shift}, but their reflected borders reach ${most} pixels; shift by at most that.`,
  );
}

/** One way to look at an image. */
export interface View {
  readonly mirrored: boolean;
  /** Whole pixels, down and to the right. */
  readonly shift: number;
  /** Of its prediction in the mean: all add up to 1. */
  readonly weight: number;
}

/** The image itself comes first. */
export function viewsOf({ flip, shift }: Views): readonly View[] {
  const shifts =
    shift === 0
      ? [{ shift: 0, weight: 1 }]
      : [
          { shift: 0, weight: 1 / 2 },
          { shift: -shift, weight: 1 / 4 },
          { shift, weight: 1 / 4 },
        ];
  const sides = flip ? [false, true] : [false];
  return shifts.flatMap((each) =>
    sides.map((mirrored) => ({ mirrored, shift: each.shift, weight: each.weight / sides.length })),
  );
}

/**
 * Images as they are in a view.
 *
 * @param images [N, H, W, C] as bytes
 * @param imageShape [H, W, C]
 * @param into room for as many
 */
export function viewImages(
  images: Uint8Array,
  [height, width, channels]: Shape,
  { mirrored, shift }: View,
  into: Uint8Array,
): void {
  const from = (place: number, size: number): number => {
    const inside = Math.abs(place - shift);
    return inside < size ? inside : 2 * (size - 1) - inside;
  };
  const columns = Uint32Array.from(
    { length: width },
    (_, x) => channels * from(mirrored ? width - 1 - x : x, width),
  );
  const rowBytes = width * channels;
  for (let row = 0; row < images.length / rowBytes; row++) {
    const y = row % height;
    const source = (row - y + from(y, height)) * rowBytes;
    let to = row * rowBytes;
    for (let x = 0; x < width; x++) {
      const pixel = source + columns[x];
      for (let channel = 0; channel < channels; channel++) into[to++] = images[pixel + channel];
    }
  }
}
