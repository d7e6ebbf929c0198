import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, layerName, sizePair } from "./options.js";
import { slideWindow2d } from "./window.js";

export interface Pool2dOptions {
  /** One size, or [height, width]; default 2. */
  readonly poolSize?: number | readonly [number, number];
  /** One step, or [down, across]; default `poolSize`. */
  readonly strides?: number | readonly [number, number];
  readonly name?: string;
}

/** Pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1. */
export abstract class Pool2d<Type extends "maxPool2d" | "averagePool2d"> implements Layer<Type> {
  readonly name: string;
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];

  /** @throws UsageError on an impossible option */
  constructor(
    readonly type: Type,
    options: Pool2dOptions,
  ) {
    checkOptions(type, options, ["poolSize", "strides"]);
    this.name = layerName(type, options.name);
    this.poolSize = sizePair(type, "poolSize", options.poolSize ?? 2);
    this.strides = sizePair(type, "strides", options.strides ?? this.poolSize);
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

  abstract withName(name: string): Pool2d<Type>;

  config(): LayerConfig {
    const { type, name, poolSize, strides } = this;
    return { type, name, poolSize, strides };
  }
}
