import { type ReaderOptions, readImages, readStream } from "../data/image-reader.js";
import type { ImageStream, ImagesInOrder } from "../data/image-source.js";
import type { Network } from "../engine/network.js";
import { UsageError } from "../errors.js";
import { shapeSize } from "../layers/shape.js";
import type { Platform } from "../platform.js";
import type { CompiledOptions } from "./compile.js";
import type { Session } from "./session.js";

/** Images of a prediction between two turns of the event loop. */
const predictionChunk = 1024;

/** Bytes of images that a source is asked for at once, beside a single one. */
const mostBytes = 32 * 1024 ** 2;

/** Those of images that are predicted without waste. */
const goodChunks = [predictionChunk, 128, 32, 8];

/** Images of so many bytes that are gathered to be predicted together. */
export function imagesAtOnce(imageSize: number): number {
  return goodChunks.find((count) => count * imageSize <= mostBytes) ?? 1;
}

export interface ImagesToPredict {
  readonly images: Uint8Array;
  readonly count: number;
  /** Bytes of one. */
  readonly imageSize: number;
  readonly classes: number;
}

/**
 * Softmax outputs, [N, classes], of any number of images, letting timers and signals through in between.
 *
 * @param count of the images when they were handed in
 * @throws UsageError where they are gone: their memory was given to another thread.
 */
export async function predictInChunks(
  network: Network,
  { images, count, imageSize, classes }: ImagesToPredict,
  platform: Platform,
): Promise<Float32Array> {
  const probabilities = new Float32Array(count * classes);
  for (let first = 0; first < count; first += predictionChunk) {
    if (images.length !== count * imageSize) throw goneMeanwhile();
    const part = images.subarray(first * imageSize, (first + predictionChunk) * imageSize);
    probabilities.set((await network.predict(part)).probabilities, first * classes);
    if (first + predictionChunk < count) await platform.yield();
  }
  return probabilities;
}

function goneMeanwhile(): UsageError {
  return new UsageError(
    "predict's images were taken away before it came to them. Keep their memory until it is done, or give it a copy: predict(images.slice()).",
  );
}

/** Images that come by and by: so many of a source, or a stream of however many. */
export type ComingImages =
  | { readonly source: ImagesInOrder; readonly count: number }
  | { readonly stream: ImageStream };

/** What images are taken for, and the class names of the same moment. */
export interface Predicted {
  /** Softmax outputs, [N, classes]. */
  readonly probabilities: Float32Array;
  readonly classNames: readonly string[];
}

/**
 * The same of images that aren't there yet. While they are waited for others have their turns; all are taken for what
 * the weights of the first turn say.
 *
 * @throws UsageError when the model is disposed meanwhile. @throws HeddleError when what comes isn't images, or fails.
 */
export function predictComing(
  session: Session,
  compiled: CompiledOptions,
  coming: ComingImages,
  options: Omit<ReaderOptions, "batch">,
): Promise<Predicted> {
  return session.waiting(async (interruption) => {
    const moment = await session.inTurn(() => session.current());
    const whole = { ...options, batch: imagesAtOnce(shapeSize(options.imageShape)) };
    const reader =
      "stream" in coming
        ? readStream(coming.stream, whole)
        : readImages(
            coming.source,
            Uint32Array.from({ length: coming.count }, (_, index) => index),
            whole,
          );
    const parts: Float32Array[] = [];
    try {
      for (;;) {
        const images = await interruption.orStopped(reader.next());
        if (images?.length === 0) return { probabilities: joined(parts), classNames: moment.classNames };
        const part =
          images &&
          (await session.inTurn(async () => {
            if (interruption.aborted) return undefined;
            return session.withNetworkOf(moment, compiled, (network) => network.predict(images));
          }));
        if (!part) throw disposedMeanwhile(options.place);
        parts.push(part.probabilities);
      }
    } finally {
      await reader.close();
    }
  });
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function disposedMeanwhile(place: string): UsageError {
  return new UsageError(`The model was disposed before ${place} had all come. Dispose it when they have.`);
}
