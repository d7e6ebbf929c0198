import type { Normalization } from "../data/dataset.js";
import type { NamedTensor } from "../engine/network.js";
import { HeddleError } from "../errors.js";
import type { LayerConfig, Shape } from "../layers/layer.js";
import { isRecord } from "./json.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

/** A model at rest: all that is needed to build it, feed it and name what it says. */
export interface ModelContents {
  readonly layers: readonly LayerConfig[];
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  readonly normalization: Normalization;
  readonly classNames: readonly string[];
  /** Named `<layer>.<parameter>`, e.g. `C1.kernel`. */
  readonly tensors: readonly NamedTensor[];
}

const format = "heddle";
const version = "1";

/**
 * Writes a model as a safetensors file. What describes it stands in the metadata: `format`, `version`, and as
 * JSON `layers`, `inputShape`, `normalization`, `classNames`. Nothing else does, no time, thread count or path:
 * the same model gives the same bytes.
 *
 * @throws HeddleError as `encodeSafetensors` does
 */
export function encodeModel(contents: ModelContents): Uint8Array {
  return encodeSafetensors(contents.tensors, { format, version, ...modelMetadata(contents) });
}

/** What a model is beside its tensors, as metadata of a safetensors file. */
export type ModelDescription = Omit<ModelContents, "tensors">;

export function modelMetadata(description: ModelDescription): Record<string, string> {
  const { mean, deviation } = description.normalization;
  return {
    layers: JSON.stringify(description.layers),
    inputShape: JSON.stringify(description.inputShape),
    normalization: JSON.stringify({ mean, deviation }),
    classNames: JSON.stringify(description.classNames),
  };
}

const isLayerList = (value: unknown): value is LayerConfig[] =>
  Array.isArray(value) &&
  value.every((each) => isRecord(each) && typeof each.type === "string" && typeof each.name === "string");

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((size) => Number.isSafeInteger(size) && size > 0);

/** One of each for all channels, as heddle 0.1 wrote it, or one a channel. */
interface WrittenNormalization {
  readonly mean: number | readonly number[];
  readonly deviation: number | readonly number[];
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isNormalization = (value: unknown): value is WrittenNormalization => {
  if (!isRecord(value)) return false;
  const [means, deviations] = [value.mean, value.deviation].map((each) => [each].flat());
  return (
    means.length === deviations.length &&
    means.every(isNumber) &&
    deviations.every((deviation) => isNumber(deviation) && deviation > 0)
  );
};

/** @returns undefined where the channels don't agree */
function normalizationFor(
  { mean, deviation }: WrittenNormalization,
  channels: number,
): Normalization | undefined {
  const each = (values: number | readonly number[]): readonly number[] =>
    typeof values === "number" ? Array<number>(channels).fill(values) : values;
  const normalization = { mean: each(mean), deviation: each(deviation) };
  return normalization.mean.length === channels && normalization.deviation.length === channels
    ? normalization
    : undefined;
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");

/**
 * Reads what `encodeModel` wrote. Whether the layers can be made and the tensors fit them is for who builds
 * the model to see.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is damaged, or is a safetensors file but no model of ours
 */
export function decodeModel(bytes: Uint8Array, sourceName: string): ModelContents {
  const { tensors, metadata } = decodeSafetensors(bytes, sourceName);
  if (metadata.format !== format) {
    throw new HeddleError(
      `${sourceName} is a safetensors file, but no heddle model: its metadata has format ` +
        `${JSON.stringify(metadata.format)}, expected "${format}". Give weights that heddle saved.`,
    );
  }
  if (metadata.version !== version) {
    throw new HeddleError(
      `${sourceName} is a heddle model of version ${JSON.stringify(metadata.version)}: ` +
        `expected "${version}". Read it with the heddle that wrote it, or a newer one.`,
    );
  }
  const refuse = (key: string): never => {
    throw new HeddleError(
      `${sourceName} is a damaged heddle model: its metadata has no usable "${key}". ` +
        "Use another copy, or train again.",
    );
  };
  return { ...readModelMetadata(metadata, refuse), tensors };
}

/** Reads what `modelMetadata` made. @param refuse is told the key that is missing or damaged */
export function readModelMetadata(
  metadata: Readonly<Record<string, string>>,
  refuse: (key: string) => never,
): ModelDescription {
  const inputShape = metadataField(metadata, "inputShape", isShape, refuse);
  const written = metadataField(metadata, "normalization", isNormalization, refuse);
  return {
    layers: metadataField(metadata, "layers", isLayerList, refuse),
    inputShape,
    normalization: normalizationFor(written, inputShape[inputShape.length - 1]) ?? refuse("normalization"),
    classNames: metadataField(metadata, "classNames", isNames, refuse),
  };
}

/** One piece of metadata, written as JSON. */
export function metadataField<Value>(
  metadata: Readonly<Record<string, string>>,
  key: string,
  fits: (value: unknown) => value is Value,
  refuse: (key: string) => never,
): Value {
  let value: unknown;
  try {
    value = JSON.parse(metadata[key]);
  } catch {
    value = undefined;
  }
  return fits(value) ? value : refuse(key);
}
