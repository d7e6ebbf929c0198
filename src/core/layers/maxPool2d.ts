import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, layerName, sizePair } from "./options.js";
import { slideWindow2d } from "./window.js";

export interface MaxPool2dOptions {
  /** One size, or [height, width]; default 2. */
  readonly poolSize?: number | readonly [number, number];
  /** One step, or [down, across]; default `poolSize`. */
  readonly strides?: number | readonly [number, number];
  readonly name?: string;
}

/**
 * Max-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = max x[n, i·s + a, j·s + b, c] over the window (a, b); of equal values the first counts.
 */
export class MaxPool2d implements Layer<"maxPool2d"> {
  readonly type = "maxPool2d";
  readonly name: string;
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];

  /** @throws UsageError on an impossible option */
  constructor(options: MaxPool2dOptions = {}) {
    checkOptions("maxPool2d", options, ["poolSize", "strides"]);
    this.name = layerName("maxPool2d", options.name);
    this.poolSize = sizePair("maxPool2d", "poolSize", options.poolSize ?? 2);
    this.strides = sizePair("maxPool2d", "strides", options.strides ?? this.poolSize);
  }

  outputShape(input: Shape): Shape {
    const { height, width } = slideWindow2d(this, input, this.poolSize, this.strides, "valid");
    return [height.output, width.output, input[2]];
  }

  parameters(): readonly ParameterSpec[] {
    return [];
  }

  multiplyAdds(): number {
    return 0;
  }

  withName(name: string): MaxPool2d {
    return new MaxPool2d({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, poolSize, strides } = this;
    return { type, name, poolSize, strides };
  }
}

/** `maxPool2d()` halves height and width. @throws UsageError */
export function maxPool2d(options: MaxPool2dOptions = {}): MaxPool2d {
  return new MaxPool2d(options);
}
