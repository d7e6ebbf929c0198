import { HeddleError } from "../../errors.js";
import { channelsLast } from "../image-array.js";
import type { PickleValue } from "./pickle-drafts.js";

/** [H, W, C] of every image. */
export const cifarShape = [32, 32, 3] as const;

const pixels = 32 * 32 * 3;

/** Images and labels of a batch. */
export interface CifarBatch {
  /** [N, 32, 32, 3]. */
  readonly images: Uint8Array;
  /** [N]; of CIFAR-100 the fine ones. */
  readonly labels: Uint8Array;
}

/** Which of the two data sets (Krizhevsky 2009) a batch is of. */
export type CifarClasses = 10 | 100;

/**
 * Reads a batch of the binary version: for each image a label, of CIFAR-100 the coarse and the fine one, then 32 × 32
 * bytes of red, of green and of blue.
 *
 * @param file named in errors
 * @throws HeddleError where it is no whole number of images, or a label is no class
 */
export function parseCifarBinary(bytes: Uint8Array, classes: CifarClasses, file: string): CifarBatch {
  const labelBytes = classes === 10 ? 1 : 2;
  const record = labelBytes + pixels;
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw new HeddleError(
      `${file} has ${bytes.length} bytes: expected a multiple of ${record}, ${labelBytes === 1 ? "a label" : "two labels"} and ${pixels} pixels an image of CIFAR-${classes}. It is truncated or of another kind: fetch or copy it again.`,
    );
  }
  const count = bytes.length / record;
  const labels = new Uint8Array(count);
  const images = new Uint8Array(count * pixels);
  for (let image = 0; image < count; image++) {
    const first = image * record + labelBytes;
    labels[image] = bytes[first - 1];
    images.set(bytes.subarray(first, first + pixels), image * pixels);
  }
  return batchOf(images, labels, classes, file);
}

/**
 * The same of the Python version: a dictionary of `data`, uint8 [N, 3072], and `labels`, of CIFAR-100 `fine_labels`.
 *
 * @throws HeddleError on any other content
 */
export function cifarOfPickle(value: PickleValue, classes: CifarClasses, file: string): CifarBatch {
  const labelsName = classes === 10 ? "labels" : "fine_labels";
  const batch = value instanceof Map ? value : new Map<string, PickleValue>();
  const data = batch.get("data");
  const isData =
    data !== null &&
    typeof data === "object" &&
    "type" in data &&
    data.type === "uint8" &&
    data.values.length > 0 &&
    data.shape.length === 2 &&
    data.shape[1] === pixels;
  if (!isData) {
    throw new HeddleError(
      `${file} is no batch of CIFAR-${classes}: expected a dictionary with data, an array of uint8 [N, ${pixels}], and ${labelsName}.`,
    );
  }
  const labels = listOfNumbers(batch.get(labelsName));
  if (labels?.length !== data.shape[0]) {
    throw new HeddleError(
      `${file} holds ${labels?.length ?? "no"} ${labelsName} and ${data.shape[0]} images: expected a whole number an image.`,
    );
  }
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes && Number.isInteger(label)));
  if (wrong !== -1) throw wrongLabel(labels[wrong], wrong, classes, file);
  return batchOf(data.values as Uint8Array, Uint8Array.from(labels), classes, file);
}

/** `label_names` of CIFAR-10's batches.meta, or `fine_label_names` of CIFAR-100's meta; undefined where they are not there. */
export function cifarNamesOfPickle(value: PickleValue, classes: CifarClasses): readonly string[] | undefined {
  const list = value instanceof Map && value.get(classes === 10 ? "label_names" : "fine_label_names");
  if (!Array.isArray(list)) return undefined;
  const names = list.map((name) => (name instanceof Uint8Array ? String.fromCharCode(...name) : name));
  return names.every((name): name is string => typeof name === "string" && name.length < 100)
    ? names
    : undefined;
}

/** Batches one behind the other. */
export function joinBatches(batches: readonly CifarBatch[]): CifarBatch {
  if (batches.length === 1) return batches[0];
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  let first = 0;
  for (const batch of batches) {
    images.set(batch.images, first * pixels);
    labels.set(batch.labels, first);
    first += batch.labels.length;
  }
  return { images, labels };
}

function batchOf(planes: Uint8Array, labels: Uint8Array, classes: CifarClasses, file: string): CifarBatch {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong !== -1) throw wrongLabel(labels[wrong], wrong, classes, file);
  return { images: channelsLast(planes, labels.length, cifarShape, "NCHW"), labels };
}

const wrongLabel = (label: number, image: number, classes: number, file: string): HeddleError =>
  new HeddleError(
    `${file}: label ${label} (of image ${image}) is none of CIFAR-${classes}'s: expected 0 to ${classes - 1}. It is damaged or of another kind: fetch or copy it again.`,
  );

function listOfNumbers(value: PickleValue | undefined): readonly number[] | undefined {
  if (Array.isArray(value)) {
    return value.every((label): label is number => typeof label === "number") ? value : undefined;
  }
  const isArray = typeof value === "object" && value !== null && "values" in value && "shape" in value;
  return isArray && value.shape.length === 1 ? Array.from(value.values as never, Number) : undefined;
}
