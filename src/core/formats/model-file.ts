import type { Normalization } from "../data/dataset.js";
import { isPreparation, type PicturePreparation } from "../data/picture-preparation.js";
import { HeddleError, UsageError } from "../errors.js";
import type { LayerConfig, Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import { type LossName, lossNames, usualLoss } from "../loss.js";
import { type Calibration, isCalibration } from "../metrics/calibrate.js";
import type { NamedTensor } from "../named-tensor.js";
import { quoted, received } from "../options/received.js";
import { checkAsJson, checkFile, checkTensorList, ownMembers } from "./arguments.js";
import { isRecord } from "./json.js";
import { metadataField, type OwnFormat, readOwnFile, version } from "./own-file.js";
import { encodeSafetensors } from "./safetensors.js";

/** A model at rest: all that is needed to build it, feed it and name what it says. */
export interface ModelContents {
  /** As `graphConfig` gives them. */
  readonly layers: readonly LayerConfig[];
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  /** How pixels enter. */
  readonly normalization: Normalization;
  /** One a class. */
  readonly classNames: readonly string[];
  /** What it was trained for, which says what its outputs are (default "crossEntropy"). */
  readonly loss?: LossName | undefined;
  /** How pictures became its images, where it was trained on such. */
  readonly preparation?: PicturePreparation | undefined;
  /** What makes its probabilities mean something, where that was found. */
  readonly calibration?: Calibration | undefined;
  /** Named `<layer>.<parameter>`, e.g. `C1.kernel`. */
  readonly tensors: readonly NamedTensor[];
}

const own: OwnFormat = {
  format: "heddle",
  noun: "model",
  giveInstead:
    "Give weights that heddle saved; those of timm's networks become such by `heddle import --architecture`, or importTimm.",
  otherVersion: "Read it with the heddle that wrote it, or a newer one.",
};

/**
 * Writes a model as a safetensors file. What describes it stands in the metadata: `format`, `version`, and as
 * JSON `layers`, `inputShape`, `normalization`, `classNames`, `loss` where it is not cross-entropy,
 * `preparation` where it was trained on pictures and `calibration` where it was calibrated, beside the file's digest.
 * Nothing else does, no time, thread count or path: the same model gives the same bytes.
 *
 * @throws HeddleError as `encodeSafetensors` does
 */
export function encodeModel(contents: ModelContents): Uint8Array<ArrayBuffer> {
  const { tensors, ...description } = ownMembers("encodeModel", "contents", contents);
  return encodeSafetensors(tensors, { format: own.format, version, ...modelMetadata(description) });
}

/**
 * What somebody hands over as a model at rest, read once.
 *
 * @param owner begins errors
 * @throws UsageError on what `encodeModel` wouldn't write
 * @throws HeddleError on a tensor whose shape doesn't fit its data
 */
export function checkedContents(owner: string, contents: ModelContents): ModelContents {
  const rest = `${owner} takes a model at rest, as decodeModel reads it`;
  if (isModel(contents))
    throw new UsageError(`${rest}, but got a model: give decodeModel(await model.toBytes(), "the model").`);
  if (ArrayBuffer.isView(contents))
    throw new UsageError(
      `${rest}, but got ${received(contents)}: give decodeModel(bytes, "the file's name").`,
    );
  const own = ownMembers(owner, "contents", contents);
  const { tensors, ...description } = own;
  modelMetadata(description);
  checkTensorList(owner, "tensors", tensors);
  for (const { name, shape, data } of tensors)
    if (!isShape(shape) || shapeSize(shape) !== data.length)
      throw new HeddleError(
        `${owner}: tensor ${quoted(name)} has ${data.length} values, which don't fit its shape ${received(shape)}.`,
      );
  return own;
}

/** Whether this is a model that trains and predicts; false of what can't be asked. */
export function isModel(given: unknown): boolean {
  try {
    return typeof given === "object" && given !== null && "toBytes" in given && "predict" in given;
  } catch {
    return false;
  }
}

/** What a model is beside its tensors, as metadata of a safetensors file. */
export type ModelDescription = Omit<ModelContents, "tensors">;

/** @throws UsageError on what `readModelMetadata` wouldn't read */
export function modelMetadata(description: ModelDescription): Record<string, string> {
  const check = (key: keyof ModelDescription, expected: string, fits: (value: unknown) => boolean) =>
    checkAsJson("A model", key, expected, description[key], fits);
  check("layers", "a list of layers' configurations", isLayerList);
  check("inputShape", "a list of sizes such as [28, 28, 1]", isShape);
  const channels = description.inputShape[description.inputShape.length - 1];
  check("normalization", "a mean and a deviation above 0 for each channel", (value) =>
    isNormalizationOf(value, channels),
  );
  check("classNames", "a list of one name a class", isNames);
  const { loss = usualLoss } = description;
  if (description.loss !== undefined) check("loss", `one of ${lossNames.join(", ")}`, isLoss);
  const { preparation, calibration, inputShape } = description;
  if (preparation !== undefined) {
    check("preparation", "how pictures become images of its inputShape", (value) =>
      isPreparation(value, inputShape),
    );
  }
  if (calibration !== undefined) {
    check("calibration", "what calibrate found, or left out", isCalibration);
  }
  const { mean, deviation } = description.normalization;
  return {
    layers: JSON.stringify(description.layers),
    inputShape: JSON.stringify(description.inputShape),
    normalization: JSON.stringify({ mean, deviation }),
    classNames: JSON.stringify(description.classNames),
    // Files of other versions say nothing either, and stay the same bytes.
    ...(loss !== usualLoss && { loss: JSON.stringify(loss) }),
    ...(preparation && { preparation: JSON.stringify(preparation) }),
    ...(calibration && { calibration: JSON.stringify(calibration) }),
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

/** More channels than this are no image's: nothing is allocated on a file's word. */
const mostChannels = 65_536;

const isDeviation = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;

/** A mean and a deviation for each channel. */
const isNormalizationOf = (value: unknown, channels: number): value is Normalization =>
  isRecord(value) &&
  [value.mean, value.deviation].every((each) => Array.isArray(each) && each.length === channels) &&
  (value.mean as unknown[]).every(Number.isFinite) &&
  (value.deviation as unknown[]).every(isDeviation);

/** One of each for all channels, as files of 0.1 have it. */
const isCommonNormalization = (value: unknown): value is { mean: number; deviation: number } =>
  isRecord(value) && Number.isFinite(value.mean) && isDeviation(value.deviation);

/** One of each a channel, whatever is written; undefined where that is neither. */
function normalizationOf(written: unknown, channels: number): Normalization | undefined {
  if (isNormalizationOf(written, channels)) return written;
  if (!isCommonNormalization(written) || channels > mostChannels) return undefined;
  const { mean, deviation } = written;
  return { mean: Array(channels).fill(mean), deviation: Array(channels).fill(deviation) };
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");

const isLoss = (value: unknown): value is LossName => (lossNames as readonly unknown[]).includes(value);

/**
 * Reads what `encodeModel` wrote. Whether the layers can be made and the tensors fit them is for who builds
 * the model to see.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is damaged, or is a safetensors file but no model of ours
 */
export function decodeModel(bytes: Uint8Array, sourceName: string): ModelContents {
  checkFile("decodeModel", bytes, sourceName);
  if (/\.onnx$/i.test(sourceName))
    throw new HeddleError(
      `${sourceName} is an ONNX file: import it once, by \`heddle import\` or by importOnnx of heddle/onnx, and give what that writes.`,
    );
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
  const written = metadataField(metadata, "normalization", isRecord, refuse);
  return {
    layers: metadataField(metadata, "layers", isLayerList, refuse),
    inputShape,
    normalization: normalizationOf(written, inputShape[inputShape.length - 1]) ?? refuse("normalization"),
    classNames: metadataField(metadata, "classNames", isNames, refuse),
    ...(metadata.loss !== undefined && { loss: metadataField(metadata, "loss", isLoss, refuse) }),
    ...(metadata.preparation !== undefined && {
      preparation: metadataField(
        metadata,
        "preparation",
        (value): value is PicturePreparation => isPreparation(value, inputShape),
        refuse,
      ),
    }),
    ...(metadata.calibration !== undefined && {
      calibration: metadataField(metadata, "calibration", isCalibration, refuse),
    }),
  };
}
