import type { Shape } from "../../core/layers/layer.js";
import type { GraphWriter } from "./graph-writer.js";

/** What a layer gives, in the file: where its numbers lie. */
export interface LaidOut {
  /** The file's name for it. */
  readonly name: string;
  /** As heddle has it, without the batch axis. */
  readonly shape: Shape;
  /**
   * The image [H, W, C] whose numbers these are channel by channel, [N, C, H, W] or, after a flatten, [N, C · H · W]; left
   * out where they lie as in heddle, [N, …shape].
   */
  readonly image?: Shape;
}

/** Whether an image's numbers lie in the same order pixel by pixel and channel by channel. */
const isOneOrder = ([height, width, channels]: Shape): boolean => channels === 1 || height * width === 1;

/** As heddle has it, [N, …shape]. */
export function asHeddle(writer: GraphWriter, value: LaidOut): LaidOut {
  const { image, shape } = value;
  if (!image) return value;
  if (shape.length === 3 && !isOneOrder(image)) return { name: pixelByPixel(writer, value), shape };
  return { name: reshape(writer, value, shape), shape };
}

/** The same numbers in heddle's order under other axes behind the batch's. */
export function reshape(writer: GraphWriter, value: LaidOut, shape: Shape): string {
  const name = value.image && !isOneOrder(value.image) ? pixelByPixel(writer, value) : value.name;
  return writer.node("Reshape", [name, writer.sizes("shape", [0, ...shape])]);
}

/** The numbers of an image that lie channel by channel as [N, H, W, C]. */
function pixelByPixel(writer: GraphWriter, { name, shape, image = shape }: LaidOut): string {
  const [height, width, channels] = image;
  const channelsFirst =
    shape.length === 3 ? name : reshape(writer, { name, shape }, [channels, height, width]);
  return writer.node("Transpose", [channelsFirst], { attributes: { perm: [0, 2, 3, 1] } });
}

/** An image as convolutions read it, [N, C, H, W]. */
export function asImage(writer: GraphWriter, value: LaidOut): LaidOut {
  const { image, shape, name } = value;
  if (image) return value;
  return {
    name: writer.node("Transpose", [name], { attributes: { perm: [0, 3, 1, 2] } }),
    shape,
    image: shape,
  };
}

/** Whatever lies in a way of its own for images: [N, C, H, W] of three axes, else as in heddle. */
export const asUsual = (writer: GraphWriter, value: LaidOut): LaidOut =>
  value.shape.length === 3 ? asImage(writer, value) : asHeddle(writer, value);

/** All on one axis behind the batch's, in the order that the numbers have in the file. */
export function flattened(writer: GraphWriter, value: LaidOut): LaidOut {
  const { image, shape, name } = value;
  if (shape.length === 1) return value;
  const size = shape.reduce((product, length) => product * length, 1);
  const flat = { name: writer.node("Flatten", [name]), shape: [size] };
  return image && !isOneOrder(image) ? { ...flat, image } : flat;
}
