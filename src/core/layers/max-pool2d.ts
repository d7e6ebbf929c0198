import { definePool, type Pool2dOptions } from "./pool2d.js";

export type MaxPool2dOptions = Pool2dOptions;

export const maxPool2dType = definePool("maxPool2d");

export type MaxPool2d = ReturnType<typeof maxPool2d>;

/**
 * Max-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = max x[n, i·s + a, j·s + b, c] over the window (a, b); of equal values the first counts.
 * `maxPool2d()` halves height and width.
 *
 * @throws UsageError
 */
export function maxPool2d(options: MaxPool2dOptions = {}) {
  return maxPool2dType.make(options);
}
