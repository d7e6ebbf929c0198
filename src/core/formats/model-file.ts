import type { Normalization } from "../data/dataset.js";
import type { NamedTensor } from "../engine/network.js";
import type { LayerConfig, Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import { checkJson, ownMembers } from "./arguments.js";
import { isRecord } from "./json.js";
import { metadataField, type OwnFormat, readOwnFile, version } from "./own-file.js";
import { encodeSafetensors } from "./safetensors.js";

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

const own: OwnFormat = {
  format: "heddle",
  noun: "model",
  giveInstead: "Give weights that heddle saved.",
  otherVersion: "Read it with the heddle that wrote it, or a newer one.",
};

/**
 * Writes a model as a safetensors file. What describes it stands in the metadata: `format`, `version`, and as
 * JSON `layers`, `inputShape`, `normalization`, `classNames`, beside the file's digest. Nothing else does, no time,
 * thread count or path: the same model gives the same bytes.
 *
 * @throws HeddleError as `encodeSafetensors` does
 */
export function encodeModel(contents: ModelContents): Uint8Array {
  const { tensors, ...description } = ownMembers("encodeModel", "contents", contents);
  return encodeSafetensors(tensors, { format: own.format, version, ...modelMetadata(description) });
}

/** What a model is beside its tensors, as metadata of a safetensors file. */
export type ModelDescription = Omit<ModelContents, "tensors">;

/** @throws UsageError on what `readModelMetadata` wouldn't read */
export function modelMetadata(description: ModelDescription): Record<string, string> {
  const check = (key: keyof ModelDescription, expected: string, fits: (value: unknown) => boolean) =>
    checkJson("A model", key, expected, description[key], fits);
  check("layers", "a list of layers' configurations", isLayerList);
  check("inputShape", "a list of sizes such as [28, 28, 1]", isShape);
  check("normalization", "a mean and a deviation above 0", isNormalization);
  check("classNames", "a list of one name a class", isNames);
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
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((size) => Number.isSafeInteger(size) && size > 0) &&
  Number.isSafeInteger(shapeSize(value));

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
  const { tensors, metadata, damaged } = readOwnFile(bytes, sourceName, own);
  const refuse = (key: string): never => damaged(`its metadata has no usable "${key}"`);
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
