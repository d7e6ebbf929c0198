import { type OptionTable, type ResolvedOptions, sizePair, wholeNumber } from "../options/index.js";
import { defineLayer, type OwnOptions, type TrainableOptions } from "./define-layer.js";
import { activationOption, biasTensor, kernelInitializerOption, useBiasOption } from "./kernel-options.js";
import type { ActivationName, KernelInitializer } from "./layer.js";
import { type Padding, windowPadding } from "./padding.js";
import { shapeSize } from "./shape.js";
import { withoutUsual } from "./usual-options.js";
import { slideWindow2d } from "./window.js";

/** What `depthwiseConv2d` takes. */
export interface DepthwiseConv2dOptions extends TrainableOptions {
  /** One size, or [height, width]. */
  readonly kernelSize: number | readonly [number, number];
  /** One step, or [down, across]; default 1. */
  readonly strides?: number | readonly [number, number] | undefined;
  /** Default `valid`; as `conv2d` takes it. */
  readonly padding?: Padding | undefined;
  /** Pixels from one of the window's taps to the next, or [down, across]; default 1: a window without gaps. */
  readonly dilation?: number | readonly [number, number] | undefined;
  /** Channels of the output for each of the input; default 1. */
  readonly depthMultiplier?: number | undefined;
  /** Default `linear`. */
  readonly activation?: ActivationName | undefined;
  /** Whether a bias is added; default true. */
  readonly useBias?: boolean | undefined;
  /** What each channel's kernel holds at first; default `glorotUniform`. */
  readonly kernelInitializer?: KernelInitializer | undefined;
}

const options = {
  kernelSize: { meaning: "sizes of the window", kind: sizePair() },
  strides: { meaning: "steps of the window", kind: sizePair(), default: 1 },
  padding: { meaning: "zeros around the image", kind: windowPadding(), default: "valid" },
  dilation: { meaning: "pixels from one tap of the window to the next", kind: sizePair(), otherwise: "1" },
  depthMultiplier: {
    meaning: "channels of the output for each of the input",
    kind: wholeNumber({ from: 1 }),
    default: 1,
  },
  activation: activationOption,
  useBias: useBiasOption,
  kernelInitializer: kernelInitializerOption,
} as const satisfies OptionTable<OwnOptions<DepthwiseConv2dOptions>>;

export const depthwiseConv2dType = defineLayer({
  type: "depthwiseConv2d",
  meaning: "a convolution of each channel by itself: [H, W, C] → [H', W', C · depthMultiplier]",
  example: "depthwiseConv2d({ kernelSize: 2 })",
  options,
  complete: (given: ResolvedOptions<typeof options>) =>
    withoutUsual(given, { useBias: true, dilation: [1, 1] }),
  outputShape: (layer, [input]) => {
    const { height, width } = slideWindow2d(layer, input, layer.options);
    return [height.output, width.output, input[2] * layer.options.depthMultiplier];
  },
  tensors: ({ options }, [input]) => {
    const { kernelSize, depthMultiplier, useBias, kernelInitializer = "glorotUniform" } = options;
    return [
      {
        name: "kernel",
        shape: [...kernelSize, input[2], depthMultiplier],
        initializer: kernelInitializer,
        kernels: { count: input[2], shape: [...kernelSize, 1, depthMultiplier] },
      },
      ...biasTensor(input[2] * depthMultiplier, useBias),
    ];
  },
  // Every tap counts, those on padding too.
  multiplyAdds: (layer, [input]) => {
    const { kernelSize, depthMultiplier } = layer.options;
    const { height, width } = slideWindow2d(layer, input, layer.options);
    return height.output * width.output * input[2] * depthMultiplier * shapeSize(kernelSize);
  },
});

/** The layer that `depthwiseConv2d` makes. */
export interface DepthwiseConv2d extends ReturnType<typeof depthwiseConv2dType.make> {}

/**
 * Two-dimensional convolution of each channel by itself, [N, H, W, C] → [N, H', W', C · m] with m = `depthMultiplier`:
 * y[n, i, j, c·m + q] = activation(bias[c·m + q] + Σ x[n, i·s + a·d − top, j·s + b·d − left, c] · kernel[a, b, c, q]) with
 * strides s and dilation d, kernel [kernelHeight, kernelWidth, C, m]. With a 1 × 1 convolution behind it, it is a separable convolution (Chollet 2017,
 * Howard et al. 2017).
 *
 * @example depthwiseConv2d({ kernelSize: 3, padding: "same", useBias: false })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function depthwiseConv2d(options: DepthwiseConv2dOptions): DepthwiseConv2d {
  return depthwiseConv2dType.make(options);
}
