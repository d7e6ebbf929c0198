/** Bytes of images that are gathered at once, beside a single one. */
const mostBytes = 32 * 1024 ** 2;

/** Those that the engine's inference steps take without waste. */
const goodNumbers = [1024, 128, 32, 8];

/** Images of so many bytes that are gathered to be predicted, or counted, together. */
export function imagesAtOnce(imageSize: number): number {
  return goodNumbers.find((count) => count * imageSize <= mostBytes) ?? 1;
}
