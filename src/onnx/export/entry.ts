import type { MessageInitShape } from "@bufbuild/protobuf";
import { TensorProto_DataType, type ValueInfoProtoSchema } from "onnx-buf";
import type { Normalization } from "../../core/data/dataset.js";
import type { Shape } from "../../core/layers/layer.js";
import type { ResolvedExportOptions } from "./export-options.js";
import type { GraphWriter } from "./graph-writer.js";
import type { LaidOut } from "./laid-out.js";

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

/** The input, and the images as the first layers read them, normalized. */
export function entryOf(
  writer: GraphWriter,
  [height, width, channels]: Shape,
  { mean, deviation }: Normalization,
  { input, imageLayout, batchSize, inputName }: ResolvedExportOptions,
): { readonly info: ValueInfo; readonly images: LaidOut } {
  const image = [height, width, channels];
  const isLast = (imageLayout ?? (input === "bytes" ? "nhwc" : "nchw")) === "nhwc";
  const sizes = isLast ? image : [channels, height, width];
  const type = input === "bytes" ? TensorProto_DataType.UINT8 : TensorProto_DataType.FLOAT;
  const name = writer.name(inputName);
  const info = valueInfo(name, sizes, batchSize, type);
  const images = (values: string): LaidOut => ({ name: values, shape: image, ...(!isLast && { image }) });
  if (input === "normalized") return { info, images: images(name) };
  const whole = input === "bytes" ? 255 : 1;
  const perChannel = (part: string, numbers: readonly number[]): string =>
    writer.constant(part, isLast ? [channels] : [1, channels, 1, 1], Float32Array.from(numbers));
  const pixels =
    input === "bytes"
      ? writer.node("Cast", [name], { attributes: { to: { int: TensorProto_DataType.FLOAT } } })
      : name;
  const centred = writer.node("Sub", [
    pixels,
    perChannel(
      "mean",
      mean.map((each) => each * whole),
    ),
  ]);
  const scaled = writer.node("Div", [
    centred,
    perChannel(
      "deviation",
      deviation.map((each) => each * whole),
    ),
  ]);
  return { info, images: images(scaled) };
}
