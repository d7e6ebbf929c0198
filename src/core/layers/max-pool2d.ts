import { definePool, type Pool2dOptions } from "./pool2d.js";

/** What `maxPool2d` takes. */
export type MaxPool2dOptions = Pool2dOptions;

export const maxPool2dType = definePool("maxPool2d", {
  meaning: "the largest value of each window: [H, W, C] → [H', W', C]",
  example: "maxPool2d()",
});

/** The layer that `maxPool2d` makes. */
export interface MaxPool2d extends ReturnType<typeof maxPool2dType.make> {}

/**
 * Max-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = max x[n, i·s + a, j·s + b, c] over the window (a, b); of equal values the first counts.
 * `maxPool2d()` halves height and width.
 *
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function maxPool2d(options: MaxPool2dOptions = {}): MaxPool2d {
  return maxPool2dType.make(options);
}
