import type { Network } from "../engine/network.js";
import { UsageError } from "../errors.js";
import type { Platform } from "../platform.js";

/** Images of a prediction between two turns of the event loop. */
const predictionChunk = 1024;

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
    probabilities.set((await network.predictImages(part)).probabilities, first * classes);
    if (first + predictionChunk < count) await platform.yield();
  }
  return probabilities;
}

function goneMeanwhile(): UsageError {
  return new UsageError(
    "predict's images were taken away before it came to them. Keep their memory until it is done, or give it a copy: predict(images.slice()).",
  );
}
