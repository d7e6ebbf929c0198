import type { Shape } from "../layers/layer.js";
import {
  checkValue,
  choice,
  kindOfValue,
  type OptionKind,
  type OptionTable,
  optionsOf,
  Refusal,
  shape,
  wholeNumber,
} from "../options/index.js";

/**
 * How a picture of any size becomes the bytes that a model takes. It travels with the model, so that a picture is
 * prepared for a prediction as those were that it was trained on.
 */
export interface PicturePreparation {
  /** Pixels, [height, width]. */
  readonly size: readonly [height: number, width: number];
  /** 1 grey, or 3 red, green and blue. */
  readonly channels: 1 | 3;
  /**
   * "crop" scales the picture until it covers the size and takes its middle; "fit" until the size holds all of it, with
   * `background` beside it; "stretch" scales its sides apart.
   */
  readonly resize: "crop" | "fit" | "stretch";
  /** Grey, 0 … 255, of what lies beside a picture and behind a transparent one. */
  readonly background: number;
}

export const resizeModes = [
  "crop",
  "fit",
  "stretch",
] as const satisfies readonly PicturePreparation["resize"][];

/** Kinds of its members, for options that ask for them. */
export const resizeKind = choice(resizeModes);
export const backgroundKind = wholeNumber({ from: 0, to: 255 });
export const pictureChannelsKind = kindOfValue<1 | 3>(
  "1 (grey) or 3 (red, green and blue)",
  (value) => value === 1 || value === 3,
);
const sides = shape(["height", "width"]);
const sizeKind: OptionKind<PicturePreparation["size"]> = {
  expected: sides.expected,
  read(value) {
    const read = sides.read(value);
    return read instanceof Refusal ? read : [read[0], read[1]];
  },
};

export const preparationKind: OptionKind<PicturePreparation> = optionsOf({
  size: { meaning: "of the images, in pixels", kind: sizeKind },
  channels: { meaning: "of the images", kind: pictureChannelsKind },
  resize: { meaning: "how a picture gets that size", kind: resizeKind },
  background: { meaning: "grey beside a picture and behind a transparent one", kind: backgroundKind },
} satisfies OptionTable<PicturePreparation>);

/** In what one differs from another, in words: `resize stretch, not crop`; undefined where it doesn't. */
export function preparationDifference(
  one: PicturePreparation,
  other: PicturePreparation,
): string | undefined {
  const words = (["size", "channels", "resize", "background"] as const).flatMap((key) =>
    String(one[key]) === String(other[key]) ? [] : [`${key} ${String(one[key])}, not ${String(other[key])}`],
  );
  return words.length > 0 ? words.join("; ") : undefined;
}

/** [H, W, C] of the images that it makes. */
export const preparedShape = ({ size, channels }: PicturePreparation): Shape => [...size, channels];

/** @param place says whose it is @throws UsageError on what is none */
export const checkPreparation = (place: string, given: unknown): PicturePreparation =>
  checkValue(place, "preparation", given, preparationKind);

/** Whether something that a file holds is a preparation of such images. */
export function isPreparation(value: unknown, imageShape: Shape): value is PicturePreparation {
  const read = preparationKind.read(value);
  return !(read instanceof Refusal) && preparedShape(read).join() === imageShape.join();
}
