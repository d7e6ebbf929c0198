import { Pool2d, type Pool2dOptions } from "./pool2d.js";

export type MaxPool2dOptions = Pool2dOptions;

/**
 * Max-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = max x[n, i·s + a, j·s + b, c] over the window (a, b); of equal values the first counts.
 */
export class MaxPool2d extends Pool2d<"maxPool2d"> {
  /** @throws UsageError on an impossible option */
  constructor(options: MaxPool2dOptions = {}) {
    super("maxPool2d", options);
  }

  withName(name: string): MaxPool2d {
    return new MaxPool2d({ ...this, name });
  }
}

/** `maxPool2d()` halves height and width. @throws UsageError */
export function maxPool2d(options: MaxPool2dOptions = {}): MaxPool2d {
  return new MaxPool2d(options);
}
