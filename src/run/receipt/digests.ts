import type { Dataset, ImageSet } from "../../core/data/dataset.js";
import { readImages } from "../../core/data/image-reader.js";
import { type Hasher, Sha256 } from "../../core/formats/sha256.js";
import type { Shape } from "../../core/layers/layer.js";
import { shapeSize } from "../../core/layers/shape.js";
import { imagesAtOnce } from "../../core/training/images-at-once.js";
import { type RunHost, refuseStopped, type StopSignal } from "../host.js";

/** What tells whether others have the same images, whatever they are kept in. SHA-256s, as hexadecimal digits. */
export interface PartDigests {
  readonly count: number;
  /** Of all images as bytes, [N, H, W, C]. */
  readonly images: string;
  /** Of the labels as whole numbers of 32 bits, little-endian, [N]. */
  readonly labels: string;
  /** Of which images are never parted, as the labels: absent where none are said to belong together. */
  readonly groups?: string;
}

/** Of each part of a data set. */
export interface DataDigests {
  /** [H, W, C]. */
  readonly imageShape: Shape;
  readonly train: PartDigests;
  readonly validation?: PartDigests;
  readonly test: PartDigests;
}

export const partNames = ["train", "validation", "test"] as const;

/** What digests are made with, and where. */
export interface Digesting {
  readonly host: Pick<RunHost, "platform" | "sha256">;
  readonly signal?: StopSignal;
}

/** Of what is all there. */
export function digestOf(bytes: Uint8Array, { sha256 }: Pick<RunHost, "sha256">): string {
  const hasher = hasherOf({ sha256 });
  hasher.update(bytes);
  return hasher.digest();
}

const hasherOf = ({ sha256 }: Pick<RunHost, "sha256">): Hasher => sha256?.() ?? new Sha256();

/**
 * Reads every image once; a source's are gathered as they are to be trained on.
 *
 * @throws the signal's reason where it told to stop
 */
export async function dataDigests(dataset: Dataset, how: Digesting): Promise<DataDigests> {
  const { imageShape, train, validation, test } = dataset;
  return {
    imageShape: [...imageShape],
    train: await partDigests("train", train, imageShape, how),
    ...(validation && { validation: await partDigests("validation", validation, imageShape, how) }),
    test: await partDigests("test", test, imageShape, how),
  };
}

/** Of the images that a run is judged on. */
export const testDigests = ({ imageShape, test }: Dataset, how: Digesting): Promise<PartDigests> =>
  partDigests("test", test, imageShape, how);

async function partDigests(
  part: string,
  { count, images, labels, groups }: ImageSet,
  imageShape: Shape,
  { host, signal }: Digesting,
): Promise<PartDigests> {
  const { platform } = host;
  const hasher = hasherOf(host);
  const batch = imagesAtOnce(shapeSize(imageShape));
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  const reader = readImages(images, all, { place: `${part}.images`, imageShape, batch, platform });
  try {
    for (let some = await reader.next(); some.length > 0; some = await reader.next()) {
      refuseStopped(signal);
      hasher.update(some);
      await platform.yield();
    }
  } finally {
    await reader.close();
  }
  return {
    count,
    images: hasher.digest(),
    labels: numbersDigest(labels, host),
    ...(groups && { groups: numbersDigest(groups, host) }),
  };
}

/** One digest for a list of numbers, in whatever width it is kept. */
function numbersDigest(numbers: ArrayLike<number>, host: Pick<RunHost, "sha256">): string {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (let index = 0; index < numbers.length; index++) view.setUint32(4 * index, numbers[index], true);
  return digestOf(new Uint8Array(view.buffer), host);
}

/** Of softmax outputs as they lie in memory: float32, little-endian, [N, classes]. */
export function probabilitiesDigest(probabilities: Float32Array, host: Pick<RunHost, "sha256">): string {
  const { buffer, byteOffset, byteLength } = probabilities;
  return digestOf(new Uint8Array(buffer, byteOffset, byteLength), host);
}
