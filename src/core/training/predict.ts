import type { Network } from "../engine/network.js";
import type { Platform } from "../platform.js";

/** Images of a prediction between two turns of the event loop. */
const predictionChunk = 1024;

/** Softmax outputs, [N, classes], of any number of images, letting timers and signals through in between. */
export async function predictInChunks(
  network: Network,
  { images, imageSize, classes }: { images: Uint8Array; imageSize: number; classes: number },
  platform: Platform,
): Promise<Float32Array> {
  const count = images.length / imageSize;
  const probabilities = new Float32Array(count * classes);
  for (let first = 0; first < count; first += predictionChunk) {
    const part = images.subarray(first * imageSize, (first + predictionChunk) * imageSize);
    probabilities.set((await network.predictImages(part)).probabilities, first * classes);
    if (first + predictionChunk < count) await platform.yield();
  }
  return probabilities;
}
