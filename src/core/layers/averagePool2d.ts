import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, layerName, sizePair } from "./options.js";
import { slideWindow2d } from "./window.js";

export interface AveragePool2dOptions {
  /** One size, or [height, width]; default 2. */
  readonly poolSize?: number | readonly [number, number];
  /** One step, or [down, across]; default `poolSize`. */
  readonly strides?: number | readonly [number, number];
  readonly name?: string;
}

/**
 * Average-pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1:
 * y[n, i, j, c] = mean of x[n, i·s + a, j·s + b, c] over the window (a, b).
 */
export class AveragePool2d implements Layer<"averagePool2d"> {
  readonly type = "averagePool2d";
  readonly name: string;
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];

  /** @throws UsageError on an impossible option */
  constructor(options: AveragePool2dOptions = {}) {
    checkOptions("averagePool2d", options, ["poolSize", "strides"]);
    this.name = layerName("averagePool2d", options.name);
    this.poolSize = sizePair("averagePool2d", "poolSize", options.poolSize ?? 2);
    this.strides = sizePair("averagePool2d", "strides", options.strides ?? this.poolSize);
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

  withName(name: string): AveragePool2d {
    return new AveragePool2d({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, poolSize, strides } = this;
    return { type, name, poolSize, strides };
  }
}

/** `averagePool2d()` halves height and width. @throws UsageError */
export function averagePool2d(options: AveragePool2dOptions = {}): AveragePool2d {
  return new AveragePool2d(options);
}
