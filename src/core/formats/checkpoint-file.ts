import { checksum } from "../checksum.js";
import type { NamedTensor } from "../named-tensor.js";
import type { ValidationFigures } from "../schedules/improvement.js";
import type { TrainingPosition } from "../training/position.js";
import type { WeightAverage } from "../training/weight-average.js";
import { checkAsJson, checkFile, checkTensorList, ownMembers } from "./arguments.js";
import { isRecord } from "./json.js";
import { type ModelContents, modelMetadata, readModelMetadata } from "./model-file.js";
import { metadataField, type OwnFormat, readOwnFile, version } from "./own-file.js";
import { encodeSafetensors } from "./safetensors.js";

/** A run between two epochs, whole: what comes after it is decided by this and the training images. */
export interface Checkpoint {
  /** With the weights after the last epoch done. */
  readonly model: ModelContents;
  /** The optimizer's tensors, named `<slot>/<layer>.<parameter>`; none for plain SGD. */
  readonly optimizerState: readonly NamedTensor[];
  /** The average of the weights, where one is kept. */
  readonly average?: WeightAverage;
  /** The best epoch's weights, where the run keeps them. */
  readonly bestTensors?: readonly NamedTensor[];
  /** Their average then, where one is kept too. */
  readonly bestAverage?: WeightAverage;
  /** How far it is. */
  readonly position: TrainingPosition;
  /** What the run was told that decides its result, JSON values by name. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const own: OwnFormat = {
  format: "heddle-checkpoint",
  noun: "checkpoint",
  giveInstead: "Give a checkpoint that heddle saved.",
  otherVersion: "Go on with the heddle that wrote it, or train again.",
};

const prefixes = {
  weights: "weights/",
  optimizer: "optimizer/",
  average: "average/",
  best: "best/",
  bestAverage: "bestAverage/",
} as const;

/**
 * Writes a checkpoint as a safetensors file: tensors `weights/…`, `optimizer/…` and, where an average is kept,
 * `average/…`; where the best epoch is another than the last, its `best/…` and `bestAverage/…`. The metadata holds
 * `format`, `version`, the model's description, `settings`, `position`, `keepsBest` and, of averages, how many steps
 * are in them, beside the file's digest. No time, thread count or path: the same run gives the
 * same bytes.
 *
 * @throws HeddleError as `encodeSafetensors` does
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { model, optimizerState, average, bestTensors, bestAverage, position, settings } = checkedCheckpoint(
    "encodeCheckpoint",
    checkpoint,
  );
  const bestIsLast = position.best.epoch === position.epochsDone;
  const tensors = [
    ...prefixed(prefixes.weights, model.tensors),
    ...prefixed(prefixes.optimizer, optimizerState),
    ...prefixed(prefixes.average, average?.tensors ?? []),
    ...prefixed(prefixes.best, bestIsLast ? [] : (bestTensors ?? [])),
    ...prefixed(prefixes.bestAverage, bestIsLast ? [] : (bestAverage?.tensors ?? [])),
  ];
  return encodeSafetensors(tensors, {
    format: own.format,
    version,
    ...modelMetadata(model),
    settings: JSON.stringify(settings),
    position: JSON.stringify(position),
    keepsBest: JSON.stringify(bestTensors !== undefined),
    ...(average && {
      averageSteps: JSON.stringify({ last: average.steps, best: (bestAverage ?? average).steps }),
    }),
  });
}

/**
 * Reads what `encodeCheckpoint` wrote. Whether it belongs to a model and its data is for `fit` to see.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is cut off, damaged, or something else
 */
export function decodeCheckpoint(bytes: Uint8Array, sourceName: string): Checkpoint {
  checkFile("decodeCheckpoint", bytes, sourceName);
  const { version: written, tensors, metadata, damaged } = readOwnFile(bytes, sourceName, own);
  if (written === "1" && !hasChecksum(tensors, metadata)) damaged("its content doesn't have its checksum");
  const refuse = (key: string): never => damaged(`its metadata has no usable "${key}"`);
  const position = positionOf(metadataField(metadata, "position", isRecord, refuse), refuse);
  const weights = withPrefix(prefixes.weights, tensors);
  const best = withPrefix(prefixes.best, tensors);
  const bestIsLast = position.best.epoch === position.epochsDone;
  const keepsBest = metadataField(metadata, "keepsBest", isBoolean, refuse);
  const steps =
    "averageSteps" in metadata ? metadataField(metadata, "averageSteps", isAverageSteps, refuse) : undefined;
  const average = steps && { steps: steps.last, tensors: withPrefix(prefixes.average, tensors) };
  const bestAverage =
    steps && !bestIsLast
      ? { steps: steps.best, tensors: withPrefix(prefixes.bestAverage, tensors) }
      : average;
  return {
    model: { ...readModelMetadata(metadata, refuse), tensors: weights },
    optimizerState: withPrefix(prefixes.optimizer, tensors),
    ...(average && { average }),
    ...(keepsBest && { bestTensors: bestIsLast ? weights : best }),
    ...(keepsBest && bestAverage && { bestAverage }),
    position,
    settings: metadataField(metadata, "settings", isRecord, refuse),
  };
}

/**
 * A checkpoint that somebody hands over, its own members read once.
 *
 * @param owner who takes it, for errors
 * @throws UsageError on what `decodeCheckpoint` would not give
 */
export function checkedCheckpoint(owner: string, given: Checkpoint): Checkpoint {
  const checkpoint = ownMembers(owner, "checkpoint", given);
  const { optimizerState, average, bestTensors, bestAverage, position } = checkpoint;
  const settings = ownMembers(owner, "settings", checkpoint.settings);
  const model = ownMembers(owner, "model", checkpoint.model);
  modelMetadata(model);
  checkTensorList(owner, "model.tensors", model.tensors);
  checkTensorList(owner, "optimizerState", optimizerState);
  if (bestTensors !== undefined) checkTensorList(owner, "bestTensors", bestTensors);
  checkAverage(owner, "average", average);
  checkAverage(owner, "bestAverage", bestAverage);
  checkAsJson(
    owner,
    "position",
    "the epochs done and the best of them, counted from 1",
    position,
    isPosition,
  );
  checkAsJson(owner, "settings", "settings that JSON can hold", settings, isRecord);
  return { ...checkpoint, model, settings };
}

function checkAverage(owner: string, name: string, given: WeightAverage | undefined): void {
  if (given === undefined) return;
  const { steps, tensors } = ownMembers(owner, name, given);
  checkAsJson(owner, `${name}.steps`, "a whole number of 1 or more", steps, isEpoch);
  checkTensorList(owner, `${name}.tensors`, tensors);
}

function prefixed(prefix: string, tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.map(({ name, shape, data }) => ({ name: prefix + name, shape, data }));
}

function withPrefix(prefix: string, tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors
    .filter(({ name }) => name.startsWith(prefix))
    .map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }));
}

/** Checkpoints of version 1 have no digest of the file, but a checksum of metadata and values. */
function hasChecksum(tensors: readonly NamedTensor[], metadata: Readonly<Record<string, string>>): boolean {
  const { checksum: expected, ...summed } = metadata;
  const text = Object.keys(summed)
    .sort()
    .map((key) => `${key}=${summed[key]}\n`);
  let sum = checksum(new TextEncoder().encode(text.join("")));
  for (const { data } of tensors) {
    sum = checksum(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), sum);
  }
  return sum.toString(16).padStart(8, "0") === expected;
}

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

const isEpoch = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

const isAverageSteps = (value: unknown): value is { readonly last: number; readonly best: number } =>
  isRecord(value) && isEpoch(value.last) && isEpoch(value.best);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** JSON has null for what is not a number: the figures of a run without validation images. */
const figure = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

const counts = ["stepsDone", "optimizerSteps", "epochsBefore"] as const;

interface WrittenPosition extends Omit<TrainingPosition, "best"> {
  readonly best: {
    readonly epoch: number;
    readonly validationAccuracy: unknown;
    readonly validationLoss: unknown;
  };
}

const isFigures = (value: unknown): value is ValidationFigures =>
  isRecord(value) && Number.isFinite(value.validationLoss) && Number.isFinite(value.validationAccuracy);

const isPosition = (value: unknown): value is WrittenPosition => {
  if (!isRecord(value) || !isRecord(value.best)) return false;
  const { epochsDone, best } = value;
  if (!isEpoch(epochsDone) || !isEpoch(best.epoch) || best.epoch > epochsDone) return false;
  const { validation } = value;
  if (validation !== undefined && !(Array.isArray(validation) && validation.every(isFigures))) return false;
  return counts.every((key) => value[key] === undefined || isCount(value[key]));
};

function positionOf(value: Record<string, unknown>, refuse: (key: string) => never): TrainingPosition {
  if (!isPosition(value)) return refuse("position");
  const { epoch, validationAccuracy, validationLoss } = value.best;
  return {
    epochsDone: value.epochsDone,
    ...Object.fromEntries(counts.filter((key) => value[key] !== undefined).map((key) => [key, value[key]])),
    best: {
      epoch,
      validationAccuracy: figure(validationAccuracy),
      validationLoss: figure(validationLoss),
    },
    ...(value.validation && {
      validation: value.validation.map(({ validationLoss: loss, validationAccuracy: accuracy }) => {
        return { validationLoss: loss, validationAccuracy: accuracy };
      }),
    }),
  };
}
