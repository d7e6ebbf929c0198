import type { Normalization } from "../data/dataset.js";
import type { ImagesInOrder } from "../data/image-stream.js";
import { createNetwork as engine } from "../engine/create.js";
import type { CreateNetwork } from "../engine/network.js";
import { type Graph, tensorsOf } from "../graph/index.js";
import { shapeSize } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import type { Platform } from "../platform.js";

/** A body with its weights, ready to be asked. */
export interface TrainedBody {
  readonly graph: Graph;
  /** Those of its layers; others are left alone. */
  readonly tensors: readonly NamedTensor[];
  readonly normalization: Normalization;
}

export interface FeatureOptions {
  readonly platform: Platform;
  readonly createNetwork?: CreateNetwork;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number;
  /** Plain multiply and add: the same bytes on every processor (default false). */
  readonly portable?: boolean;
  /** Also the features of each image's mirror image (default false). */
  readonly mirrored?: boolean;
  /** Told how many images are done. */
  readonly onProgress?: (done: number, count: number) => void;
  /** Stops it: its reason is thrown. */
  readonly signal?: { readonly aborted: boolean; readonly reason?: unknown };
}

/** What a body makes of images. */
export interface Features {
  /** How many numbers an image. */
  readonly size: number;
  /** [N, size]. */
  readonly plain: Float32Array;
  /** The same of the mirror images. */
  readonly mirrored?: Float32Array;
}

/** Images that are worked on between two reports. */
const atOnce = 32;

/**
 * A body's features of images, each by itself: what a head is trained on.
 *
 * @param images [N, H, W, C] as bytes, or a source of them
 */
export async function extractFeatures(
  { graph, tensors, normalization }: TrainedBody,
  images: Uint8Array | ImagesInOrder,
  count: number,
  options: FeatureOptions,
): Promise<Features> {
  const { platform, createNetwork = engine, threads = platform.cores, portable, signal } = options;
  const size = graph.outputShape[0];
  const imageSize = shapeSize(graph.inputShape);
  const wanted = new Set(tensorsOf(graph).map(({ name }) => name));
  const plain = new Float32Array(count * size);
  const mirrored = options.mirrored ? new Float32Array(count * size) : undefined;
  const network = await createNetwork({
    graph,
    trainBatchSize: 0,
    inferenceBatchSize: Math.min(atOnce, Math.max(1, count)),
    outputs: "logits",
    threads,
    portable,
    platform,
  });
  try {
    await network.writeParameters(tensors.filter(({ name }) => wanted.has(name)));
    await network.setNormalization(normalization);
    let done = 0;
    for await (const some of pieces(images, count, imageSize)) {
      if (signal?.aborted) throw signal.reason;
      plain.set((await network.predict(some)).probabilities, done * size);
      if (mirrored) {
        const turned = mirror(some, graph.inputShape);
        mirrored.set((await network.predict(turned)).probabilities, done * size);
      }
      done += some.length / imageSize;
      options.onProgress?.(done, count);
      await platform.yield();
    }
  } finally {
    await network.close();
  }
  return { size, plain, ...(mirrored && { mirrored }) };
}

/** So many whole images at a time. */
async function* pieces(
  images: Uint8Array | ImagesInOrder,
  count: number,
  imageSize: number,
): AsyncGenerator<Uint8Array> {
  if (typeof images !== "function") {
    for (let first = 0; first < count; first += atOnce)
      yield images.subarray(first * imageSize, Math.min(count, first + atOnce) * imageSize);
    return;
  }
  const gathered = new Uint8Array(atOnce * imageSize);
  let filled = 0;
  for await (const piece of images(Uint32Array.from({ length: count }, (_, index) => index)))
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + gathered.length - filled);
      gathered.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled < gathered.length) continue;
      yield gathered;
      filled = 0;
    }
  if (filled > 0) yield gathered.subarray(0, filled);
}

/** Every image with its columns in the other order. */
export function mirror(images: Uint8Array, [height, width, channels]: readonly number[]): Uint8Array {
  const turned = new Uint8Array(images.length);
  const rows = (images.length / (height * width * channels)) * height;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channels;
      const to = (row * width + width - 1 - column) * channels;
      for (let channel = 0; channel < channels; channel++) turned[to + channel] = images[from + channel];
    }
  return turned;
}
