import type { Normalization } from "../data/dataset.js";
import { readImages } from "../data/image-reader.js";
import type { ImagesInOrder } from "../data/image-stream.js";
import { createNetwork as engine } from "../engine/create.js";
import { makeNetwork } from "../engine/make-network.js";
import type { CreateNetwork } from "../engine/network.js";
import { UsageError } from "../errors.js";
import { checkGraph, type Graph, tensorsOf } from "../graph/index.js";
import { shapeSize } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import { checkValue, flag, type OptionTable, resolveOptions, wholeNumber } from "../options/index.js";
import type { Platform } from "../platform.js";
import { throwIfStopped, type WorkSignal } from "../stop.js";
import { imageBytes, imagesInOrder } from "../training/check-data.js";
import { readNormalization } from "../training/state.js";
import { readWeights } from "../training/weights.js";
import { listenerOption, placeOptions } from "./options.js";

/** A body with its weights, ready to be asked. */
export interface TrainedBody {
  readonly graph: Graph;
  /** Those of its layers; others are left alone. */
  readonly tensors: readonly NamedTensor[];
  readonly normalization: Normalization;
}

/** Where features are worked out, and who is told. */
export interface FeatureOptions {
  /** Where it runs: `nodePlatform`, or one of your own. */
  readonly platform: Platform;
  /** Makes the layers ready to run (default: on the engine's threads). */
  readonly createNetwork?: CreateNetwork | undefined;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /** Plain multiply and add: the same bytes on every processor (default false). */
  readonly portable?: boolean | undefined;
  /** Also the features of each image's mirror image (default false). */
  readonly mirrored?: boolean | undefined;
  /** Told how many images are done. */
  readonly onProgress?: ((done: number, count: number) => void) | undefined;
  /** Stops it: its reason is thrown. */
  readonly signal?: WorkSignal | undefined;
}

export const featureOptions = {
  ...placeOptions,
  mirrored: {
    meaning: "whether the mirror images' features are wanted too",
    kind: flag(),
    default: false,
  },
  onProgress: listenerOption<NonNullable<FeatureOptions["onProgress"]>>(),
} satisfies OptionTable<FeatureOptions>;

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
 * @param count N
 * @throws UsageError on an argument that is not allowed
 * @throws HeddleError on weights that aren't the body's, and a source that fails or gives others than were asked for
 */
export async function extractFeatures(
  body: TrainedBody,
  images: Uint8Array | ImagesInOrder,
  count: number,
  options: FeatureOptions,
): Promise<Features> {
  const place = "extractFeatures";
  const resolved = resolveOptions(place, options, featureOptions);
  const { platform, createNetwork = engine, threads = platform.cores, portable, signal } = resolved;
  const { graph, weights, normalization } = checkedBody(place, body);
  checkValue(place, "count", count, wholeNumber());
  const { inputShape: imageShape } = graph;
  const imageSize = shapeSize(imageShape);
  const given = imagesInOrder(undefined, images) ?? imageBytes(place, images, imageShape);
  if (given instanceof Uint8Array && given.length !== count * imageSize)
    throw new UsageError(
      `${place} got ${given.length / imageSize} images and a count of ${count}. Give the count of the images.`,
    );
  const size = graph.outputShape[0];
  const plain = new Float32Array(count * size);
  const mirrored = resolved.mirrored ? new Float32Array(count * size) : undefined;
  const network = await makeNetwork(createNetwork, {
    graph,
    trainBatchSize: 0,
    inferenceBatchSize: Math.min(atOnce, Math.max(1, count)),
    outputs: "logits",
    threads,
    portable,
    platform,
  });
  try {
    await network.writeParameters(weights);
    await network.setNormalization(normalization);
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    const reader = readImages(given, order, { place, imageShape, batch: atOnce, platform });
    try {
      for (let done = 0; done < count; ) {
        throwIfStopped(signal);
        const some = await reader.next();
        plain.set((await network.predict(some)).probabilities, done * size);
        if (mirrored) {
          const turned = mirror(some, imageShape);
          mirrored.set((await network.predict(turned)).probabilities, done * size);
        }
        done += some.length / imageSize;
        resolved.onProgress?.(done, count);
        await platform.yield();
      }
    } finally {
      await reader.close();
    }
  } finally {
    await network.close();
  }
  return { size, plain, ...(mirrored && { mirrored }) };
}

function checkedBody(place: string, body: TrainedBody) {
  const graph = checkGraph(`${place}: body.graph`, body?.graph);
  const own = tensorsOf(graph);
  const names = new Set(own.map(({ name }) => name));
  const [, , channels] = graph.inputShape;
  const tensors = Array.isArray(body.tensors)
    ? body.tensors.filter((tensor) => names.has(tensor?.name))
    : body.tensors;
  const { weights } = readWeights(tensors, { tensors: own, channels }, `${place}: body.tensors`);
  return { graph, weights, normalization: readNormalization(body.normalization, channels) };
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
