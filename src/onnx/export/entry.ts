import type { MessageInitShape } from "@bufbuild/protobuf";
import { TensorProto_DataType, type ValueInfoProtoSchema } from "onnx-buf";
import type { Normalization } from "../../core/data/dataset.js";
import { UsageError } from "../../core/errors.js";
import type { Shape } from "../../core/layers/layer.js";
import { plural } from "../../core/words.js";
import { imageLayoutOf, type ResolvedExportOptions } from "./export-options.js";
import type { GraphWriter } from "./graph-writer.js";
import { asImage, type LaidOut } from "./laid-out.js";

type ValueInfo = MessageInitShape<typeof ValueInfoProtoSchema>;

/** The name of the batch axis where any number of images may come. */
const anyBatch = "batch";

/** A value's type and sizes. */
export function valueInfo(
  name: string,
  sizes: readonly number[],
  batchSize: number | undefined,
  elemType: TensorProto_DataType = TensorProto_DataType.FLOAT,
): ValueInfo {
  const batch =
    batchSize === undefined
      ? { case: "dimParam" as const, value: anyBatch }
      : { case: "dimValue" as const, value: BigInt(batchSize) };
  const dim = [batch, ...sizes.map((size) => ({ case: "dimValue" as const, value: BigInt(size) }))];
  const shape = { dim: dim.map((value) => ({ value })) };
  return { name, type: { value: { case: "tensorType", value: { elemType, shape } } } };
}

/** Shares of red, green and blue in a grey, by ITU-R BT.601, as pictures are made grey before a training. */
const greys = [0.299, 0.587, 0.114];

/**
 * The input, and the images as the first layers read them, normalized.
 *
 * @throws UsageError where colours are to be made grey that aren't there, or are normalized already
 */
export function entryOf(
  writer: GraphWriter,
  [height, width, channels]: Shape,
  { mean, deviation }: Normalization,
  resolved: ResolvedExportOptions,
): { readonly info: ValueInfo; readonly images: LaidOut } {
  const { input, batchSize, inputName, fromRgb } = resolved;
  if (fromRgb && (channels !== 1 || input === "normalized"))
    throw new UsageError(
      `exportOnnx: fromRgb is for a model of grey images whose input is "zero-to-one" or "bytes", but the model's have ` +
        `${plural(channels, "channel")} and input is "${input}". Leave it out.`,
    );
  const image = [height, width, channels];
  const given = fromRgb ? [height, width, greys.length] : image;
  const isLast = imageLayoutOf(resolved) === "nhwc";
  const sizes = isLast ? given : [given[2], height, width];
  const isBytes = input === "bytes";
  const type = isBytes ? TensorProto_DataType.UINT8 : TensorProto_DataType.FLOAT;
  const name = writer.name(inputName);
  const info = valueInfo(name, sizes, batchSize, type);
  const laidOut = (values: string, shape: Shape): LaidOut => ({
    name: values,
    shape,
    ...(!isLast && { image: shape }),
  });
  if (input === "normalized") return { info, images: laidOut(name, image) };
  const floats = isBytes
    ? writer.node("Cast", [name], { attributes: { to: { int: TensorProto_DataType.FLOAT } } })
    : name;
  const pixels = fromRgb ? greyOf(writer, laidOut(floats, given), isBytes) : laidOut(floats, given);
  const whole = isBytes || fromRgb ? 255 : 1;
  const dims = pixels.image ? [1, channels, 1, 1] : [channels];
  const perChannel = (part: string, numbers: readonly number[]): string =>
    writer.constant(
      part,
      dims,
      Float32Array.from(numbers, (each) => each * whole),
    );
  const centred = writer.node("Sub", [pixels.name, perChannel("mean", mean)]);
  return {
    info,
    images: { ...pixels, name: writer.node("Div", [centred, perChannel("deviation", deviation)]) },
  };
}

/** Grey from 0 to 255, [N, 1, H, W]. */
function greyOf(writer: GraphWriter, value: LaidOut, isBytes: boolean): LaidOut {
  const { name } = asImage(writer, value);
  const bytes = isBytes ? name : writer.node("Mul", [name, writer.number("bytes", 255)]);
  const weights = writer.constant("greys", [1, greys.length, 1, 1], Float32Array.from(greys));
  const shape = [value.shape[0], value.shape[1], 1];
  const grey = writer.node("Conv", [bytes, weights], { attributes: { kernel_shape: [1, 1] } });
  return { name: writer.node("Round", [grey]), shape, image: shape };
}
