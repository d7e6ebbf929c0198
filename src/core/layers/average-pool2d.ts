import { definePool, type Pool2dOptions } from "./pool2d.js";

/** What `averagePool2d` takes. */
export type AveragePool2dOptions = Pool2dOptions;

export const averagePool2dType = definePool("averagePool2d", {
  meaning: "the mean of each window: [H, W, C] → [H', W', C]",
  example: "averagePool2d()",
});

/** The layer that `averagePool2d` makes. */
export interface AveragePool2d extends ReturnType<typeof averagePool2dType.make> {}

/**
 * Average-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = mean of x[n, i·s + a, j·s + b, c] over the window (a, b). `averagePool2d()` halves height and
 * width.
 *
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function averagePool2d(options: AveragePool2dOptions = {}): AveragePool2d {
  return averagePool2dType.make(options);
}
