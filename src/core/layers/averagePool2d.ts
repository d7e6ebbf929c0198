import { Pool2d, type Pool2dOptions } from "./pool2d.js";

export type AveragePool2dOptions = Pool2dOptions;

/**
 * Average-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = mean of x[n, i·s + a, j·s + b, c] over the window (a, b).
 */
export class AveragePool2d extends Pool2d<"averagePool2d"> {
  /** @throws UsageError on an impossible option */
  constructor(options: AveragePool2dOptions = {}) {
    super("averagePool2d", options);
  }

  withName(name: string): AveragePool2d {
    return new AveragePool2d({ ...this, name });
  }
}

/** `averagePool2d()` halves height and width. @throws UsageError */
export function averagePool2d(options: AveragePool2dOptions = {}): AveragePool2d {
  return new AveragePool2d(options);
}
