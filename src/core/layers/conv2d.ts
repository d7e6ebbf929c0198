import type { ActivationName, Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { activationNames, checkOptions, layerName, oneOf, positiveInteger, sizePair } from "./options.js";
import { shapeSize } from "./shape.js";
import { type Padding, slideWindow2d, type Window2d } from "./window.js";

export interface Conv2dOptions {
  /** Channels of the output. */
  readonly filters: number;
  /** One size, or [height, width]. */
  readonly kernelSize: number | readonly [number, number];
  /** One step, or [down, across]; default 1. */
  readonly strides?: number | readonly [number, number];
  /** Default `valid`: no zeros around the image. */
  readonly padding?: Padding;
  /** Default `linear`. */
  readonly activation?: ActivationName;
  readonly name?: string;
}

/**
 * Two-dimensional convolution (cross-correlation), [N, H, W, C] → [N, H', W', filters]:
 * y[n, i, j, f] = activation(bias[f] + Σ x[n, i·s + a − top, j·s + b − left, c] · kernel[a, b, c, f]).
 */
export class Conv2d implements Layer<"conv2d"> {
  readonly type = "conv2d";
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly activation: ActivationName;

  /** @throws UsageError on an impossible option */
  constructor(options: Conv2dOptions) {
    checkOptions("conv2d", options, ["filters", "kernelSize", "strides", "padding", "activation"]);
    this.name = layerName("conv2d", options.name);
    this.filters = positiveInteger("conv2d", "filters", options.filters);
    this.kernelSize = sizePair("conv2d", "kernelSize", options.kernelSize);
    this.strides = sizePair("conv2d", "strides", options.strides ?? 1);
    this.padding = oneOf("conv2d", "padding", options.padding ?? "valid", ["valid", "same"]);
    this.activation = oneOf("conv2d", "activation", options.activation ?? "linear", activationNames);
  }

  /** Output size and zeros before and after, along each axis. @throws HeddleError */
  window(input: Shape): Window2d {
    return slideWindow2d(this, input, this.kernelSize, this.strides, this.padding);
  }

  outputShape(input: Shape): Shape {
    const { height, width } = this.window(input);
    return [height.output, width.output, this.filters];
  }

  parameters(input: Shape): readonly ParameterSpec[] {
    return [
      { name: "kernel", shape: [...this.kernelSize, input[2], this.filters], initializer: "glorotUniform" },
      { name: "bias", shape: [this.filters], initializer: "zeros" },
    ];
  }

  /** Every tap counts, those on padding too. */
  multiplyAdds(input: Shape): number {
    return shapeSize(this.outputShape(input)) * shapeSize(this.kernelSize) * input[2];
  }

  withName(name: string): Conv2d {
    return new Conv2d({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, filters, kernelSize, strides, padding, activation } = this;
    return { type, name, filters, kernelSize, strides, padding, activation };
  }
}

/** `conv2d({ filters: 32, kernelSize: 3, activation: "relu" })`. @throws UsageError */
export function conv2d(options: Conv2dOptions): Conv2d {
  return new Conv2d(options);
}
