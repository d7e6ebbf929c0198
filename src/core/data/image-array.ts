import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { listed } from "../words.js";
import type { NumpyArray, NumpyValues } from "./formats/numpy-array.js";

/** Where an image's channels lie: behind its rows and columns, or before them. */
export type ImageLayout = "NHWC" | "NCHW";

export const imageLayouts: readonly ImageLayout[] = ["NHWC", "NCHW"];

/** What images are, where what holds them doesn't say it or says it in two ways. */
export interface ImageForm {
  /** [H, W] of rows of pixels (default: square). */
  readonly size?: readonly [height: number, width: number];
  /** C of rows of pixels (default: 1 or 3, whichever makes a square; 1 where the size is given). */
  readonly channels?: number;
  /** Where four axes could be both, or rows of pixels have their channels one after the other. */
  readonly layout?: ImageLayout;
}

/** Images as bytes. */
export interface ByteImages {
  readonly count: number;
  /** [H, W, C]. */
  readonly shape: Shape;
  /** [N, H, W, C]. */
  readonly images: Uint8Array;
}

const mostChannels = 4;

/**
 * Images out of an array [N, H, W], [N, H, W, C], [N, C, H, W], told apart where one reading alone makes sense, or rows
 * of pixels [N, H · W · C].
 *
 * @param name in errors
 * @throws HeddleError on other axes, on what could be both, and on values that are no bytes and don't become such exactly
 */
export function imagesOfArray(
  { shape, type, values }: NumpyArray,
  name: string,
  form: ImageForm,
): ByteImages {
  if (shape.includes(0)) {
    throw new HeddleError(`${name} holds no pixel: its sizes are ${shape.join("×")}, and none may be 0.`);
  }
  if (shape.length < 2 || shape.length > 4) {
    throw new HeddleError(
      `${name} has ${shape.length} axes (${shape.join("×")}): expected images [N, H, W] or [N, H, W, C], or rows of pixels [N, pixels].`,
    );
  }
  const bytes = bytesOf(values, type, name);
  const [count] = shape;
  if (shape.length === 2) {
    const imageShape = shapeOfPixels(shape[1], name, form);
    return { count, shape: imageShape, images: channelsLast(bytes, count, imageShape, form.layout) };
  }
  const isGrey = shape.length === 3;
  const axes = isGrey ? [...shape.slice(1), 1] : shape.slice(1);
  const layout = isGrey ? "NHWC" : (form.layout ?? layoutOf(axes, name));
  const imageShape = layout === "NHWC" ? axes : [axes[1], axes[2], axes[0]];
  refuseOther(imageShape, name, form);
  return { count, shape: imageShape, images: channelsLast(bytes, count, imageShape, layout) };
}

/** Images that have their shape are not brought to another. */
function refuseOther([height, width, depth]: Shape, name: string, { size, channels }: ImageForm): void {
  const isOther = size && (size[0] !== height || size[1] !== width);
  if (!isOther && (channels === undefined || channels === depth)) return;
  const asked = [
    ...(size ? [`size ${size.join("×")}`] : []),
    ...(channels === undefined ? [] : [`channels ${channels}`]),
  ];
  throw new HeddleError(
    `${name} holds images of ${height}×${width}×${depth}, with ${listed(asked)} asked for: both are for rows of pixels, and images in an array stay as they are. Leave them out, or save the images in the shape that is wanted.`,
  );
}

/** Channels are few, and fewer than rows and columns; where both readings fit, nobody can tell. */
function layoutOf(axes: readonly number[], name: string): ImageLayout {
  const [first, second, third] = axes;
  const isLast = third <= mostChannels && third < first && third < second;
  const isFirst = first <= mostChannels && first < second && first < third;
  if (isLast !== isFirst) return isLast ? "NHWC" : "NCHW";
  throw new HeddleError(
    `${name} holds images of ${axes.join("×")}, of which heddle can't tell the channels: give the layout, NHWC where they are the last axis and NCHW where they are the first, or save it with channels last, and more rows and columns than channels.`,
  );
}

/**
 * The shape of images that are rows of pixels: square, grey or of three channels, where no more is given.
 *
 * @throws HeddleError where there is none, or what is given has another number of pixels
 */
export function shapeOfPixels(pixels: number, name: string, { size, channels }: ImageForm): Shape {
  const possible = channels === undefined ? [1, 3] : [channels];
  for (const depth of possible) {
    const side = Math.round(Math.sqrt(pixels / depth));
    const [height, width] = size ?? [side, side];
    if (height > 0 && height * width * depth === pixels) return [height, width, depth];
  }
  const depths = listed(possible.map(String), "or");
  throw new HeddleError(
    size
      ? `${name} has ${pixels} values an image, and none of ${size.join("×")} with ${depths} channels has so many: give the size, [height, width], and channels that multiply to them.`
      : `${name} has ${pixels} values an image, which make no square with ${depths} channels: give the size, [height, width].`,
  );
}

/** The channels of each pixel side by side: where they come one after the other, in a new array. */
export function channelsLast(
  images: Uint8Array,
  count: number,
  [height, width, channels]: Shape,
  layout: ImageLayout = "NHWC",
): Uint8Array {
  if (layout === "NHWC" || channels === 1) return images;
  const plane = height * width;
  const turned = new Uint8Array(images.length);
  for (let image = 0; image < count; image++) {
    const first = image * plane * channels;
    for (let channel = 0; channel < channels; channel++) {
      const from = first + channel * plane;
      for (let pixel = 0, to = first + channel; pixel < plane; pixel++, to += channels) {
        turned[to] = images[from + pixel];
      }
    }
  }
  return turned;
}

/** How far a share of 255 may be from a whole number: what single precision, and half, round away. */
const roundedAway: Readonly<Record<string, number>> = { float16: 0.13, float32: 1e-4, float64: 1e-4 };

/** Bytes 0 … 255, where each value is one, or exactly a 255th part of one. */
function bytesOf(values: NumpyValues, type: string, name: string): Uint8Array {
  if (values instanceof Uint8Array) return type === "bool" ? values.map((value) => 255 * value) : values;
  const { lowest, highest, areWhole } = rangeOf(values);
  const isShare = type.startsWith("float") && lowest >= 0 && highest <= 1;
  if (areWhole && lowest >= 0 && highest <= 255 && !isShare) {
    const bytes = new Uint8Array(values.length);
    for (let place = 0; place < bytes.length; place++) bytes[place] = Number(values[place]);
    return bytes;
  }
  if (isShare) {
    const bytes = new Uint8Array(values.length);
    const allowed = roundedAway[type] ?? 0;
    if (
      values.every((value: number | bigint, place: number) => {
        const scaled = 255 * Number(value);
        bytes[place] = Math.round(scaled);
        return Math.abs(bytes[place] - scaled) <= allowed;
      })
    )
      return bytes;
  }
  const found = areWhole ? "whole numbers" : "numbers";
  const range = Number.isNaN(lowest)
    ? "some of which are no numbers"
    : `from ${short(lowest)} to ${short(highest)}`;
  throw new HeddleError(
    `${name} (${type}) holds ${found} ${range}, which are no pixels of whole numbers from 0 to 255: ${mending(lowest, highest)}`,
  );
}

const mending = (lowest: number, highest: number): string => {
  if (lowest >= 0 && highest <= 1) return "save (255 * x).round().astype('uint8').";
  if (lowest >= 0 && highest <= 255) return "save x.round().astype('uint8').";
  if (lowest >= 0 && highest <= 65_535)
    return "save (x / 257).round().astype('uint8') where they fill 16 bits.";
  return "undo their scaling, and save them with .astype('uint8').";
};

const short = (value: number): string => String(Number(value.toPrecision(4)));

function rangeOf(values: NumpyValues): { lowest: number; highest: number; areWhole: boolean } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let areWhole = true;
  for (let place = 0; place < values.length; place++) {
    const value = Number(values[place]);
    if (!(value >= lowest)) lowest = value;
    if (!(value <= highest)) highest = value;
    if (!Number.isInteger(value)) areWhole = false;
    if (Number.isNaN(value)) return { lowest: value, highest: value, areWhole };
  }
  return { lowest, highest, areWhole };
}

/**
 * Labels out of an array of whole numbers, [N] or [N, 1].
 *
 * @param name in errors
 * @throws HeddleError on other axes, on one-hot rows, and on a number that is not whole or below 0
 */
export function labelsOfArray({ shape, type, values }: NumpyArray, name: string): Float64Array {
  const isColumn = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isColumn) {
    const mend = shape.length === 2 ? " One-hot rows become labels by y.argmax(axis=1)." : "";
    throw new HeddleError(
      `${name} has the axes ${listed([shape.join("×") || "of a single number"])}: expected a label an image, [N] or [N, 1].${mend}`,
    );
  }
  const labels = Float64Array.from(values as never, Number);
  const wrong = labels.findIndex((label) => !Number.isSafeInteger(label) || label < 0);
  if (wrong === -1) return labels;
  throw new HeddleError(
    `${name} (${type}) holds the label ${labels[wrong]} (of image ${wrong}): expected whole numbers from 0.`,
  );
}
