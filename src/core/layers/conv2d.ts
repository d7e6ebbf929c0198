import { HeddleError, UsageError } from "../errors.js";
import { choice, type OptionTable, type ResolvedOptions, sizePair, wholeNumber } from "../options/index.js";
import { plural } from "../words.js";
import { type DefinedLayer, defineLayer, type OwnOptions, type TrainableOptions } from "./define-layer.js";
import {
  activationOption,
  biasTensor,
  kernelInitializerOption,
  kernelInitializers,
  useBiasOption,
} from "./kernel-options.js";
import type { ActivationName, KernelInitializer, Shape } from "./layer.js";
import { type Padding, windowPadding } from "./padding.js";
import { layerText, shapeSize, shapeText } from "./shape.js";
import { withoutUsual } from "./usual-options.js";
import { slideWindow2d } from "./window.js";

/** What `conv2d` takes. */
export interface Conv2dOptions extends TrainableOptions {
  /** Channels of the output. */
  readonly filters: number;
  /** One size, or [height, width]. */
  readonly kernelSize: number | readonly [number, number];
  /** One step, or [down, across]; default 1. */
  readonly strides?: number | readonly [number, number] | undefined;
  /**
   * Default `valid`: no zeros around the image. A number of zeros on every side, [above and below, left and right], or
   * { top, bottom, left, right }.
   */
  readonly padding?: Padding | undefined;
  /** Pixels from one of the window's taps to the next, or [down, across]; default 1: a window without gaps. */
  readonly dilation?: number | readonly [number, number] | undefined;
  /**
   * Parts that input and output channels are cut into, each output reading its own part of the input alone; must
   * divide both. Default 1.
   */
  readonly groups?: number | undefined;
  /** Default `linear`. */
  readonly activation?: ActivationName | undefined;
  /** Whether a bias is added; default true. */
  readonly useBias?: boolean | undefined;
  /**
   * What the kernel holds at first; default `glorotUniform`. `whitening` is for a convolution that reads the images: its
   * kernel is worked out from those that train, when the first fit begins, and is not trained; a bias is.
   */
  readonly kernelInitializer?: KernelInitializer | "whitening" | undefined;
}

const options = {
  filters: { meaning: "channels of the output", kind: wholeNumber({ from: 1 }) },
  kernelSize: { meaning: "sizes of the window", kind: sizePair() },
  strides: { meaning: "steps of the window", kind: sizePair(), default: 1 },
  padding: { meaning: "zeros around the image", kind: windowPadding(), default: "valid" },
  dilation: { meaning: "pixels from one tap of the window to the next", kind: sizePair(), otherwise: "1" },
  groups: {
    meaning: "parts of the channels that have nothing to do with each other",
    kind: wholeNumber({ from: 1 }),
    otherwise: "1",
  },
  activation: activationOption,
  useBias: useBiasOption,
  kernelInitializer: { ...kernelInitializerOption, kind: choice([...kernelInitializers, "whitening"]) },
} as const satisfies OptionTable<OwnOptions<Conv2dOptions>>;

export const conv2dType = defineLayer({
  type: "conv2d",
  meaning: "a two-dimensional convolution: [H, W, C] → [H', W', filters]",
  example: 'conv2d({ filters: 32, kernelSize: 3, activation: "relu" })',
  options,
  complete: (given: ResolvedOptions<typeof options>) => {
    const { filters, groups = 1 } = given;
    if (filters % groups > 0)
      throw new UsageError(
        `conv2d: filters must be a multiple of groups, but ${filters} in ${groups} groups leave ` +
          `a remainder of ${filters % groups}.`,
      );
    const whole = withoutUsual(given, { useBias: true, dilation: [1, 1], groups: 1 });
    if (whole.kernelInitializer === "whitening" && (whole.dilation || whole.groups))
      throw new UsageError(
        'conv2d: kernelInitializer "whitening" is of windows without gaps over all channels; leave dilation and groups out.',
      );
    return whole;
  },
  outputShape: (layer, [input]) => {
    const { filters, groups = 1 } = layer.options;
    const { height, width } = slideWindow2d(layer, input, layer.options);
    if (input[2] % groups > 0)
      throw new HeddleError(
        `${layerText(layer)} has ${groups} groups, but got ${shapeText(input)}, whose ${input[2]} channels leave ` +
          `a remainder of ${input[2] % groups}. Choose groups that divide the channels.`,
      );
    if (layer.options.kernelInitializer === "whitening") checkWhitening(layer, input);
    return [height.output, width.output, filters];
  },
  tensors: ({ options }, [input]) => {
    const { kernelSize, filters, groups = 1, useBias, kernelInitializer = "glorotUniform" } = options;
    const inputs = input[2] / groups;
    const kernels = { count: groups, shape: [...kernelSize, inputs, filters / groups] };
    return [
      {
        name: "kernel",
        shape: [...kernelSize, inputs, filters],
        initializer: kernelInitializer,
        ...(groups > 1 && { kernels }),
        ...(kernelInitializer === "whitening" && { kept: true }),
      },
      ...biasTensor(filters, useBias),
    ];
  },
  // Every tap counts, those on padding too.
  multiplyAdds: (layer, [input]) => {
    const { kernelSize, filters, groups = 1 } = layer.options;
    const { height, width } = slideWindow2d(layer, input, layer.options);
    return height.output * width.output * filters * shapeSize(kernelSize) * (input[2] / groups);
  },
});

/** @throws HeddleError unless each filter can have a direction of its own, and another its opposite */
function checkWhitening(
  layer: DefinedLayer<{ readonly filters: number; readonly kernelSize: Shape }>,
  [height, width, channels]: Shape,
): void {
  const { filters, kernelSize } = layer.options;
  if (height < kernelSize[0] || width < kernelSize[1])
    throw new HeddleError(
      `${layerText(layer)} has the kernelInitializer "whitening", which is worked out from windows inside of images, but ` +
        `${kernelSize.join("×")} pixels are more than ${shapeText([height, width, channels])} has. Use larger images or a smaller window.`,
    );
  const most = 2 * shapeSize(kernelSize) * channels;
  if (filters % 2 === 0 && filters <= most) return;
  throw new HeddleError(
    `${layerText(layer)} has ${filters} filters, but kernelInitializer "whitening" takes an even number of them, two a ` +
      `direction of ${kernelSize.join("×")} pixels of ${plural(channels, "channel")}: at most ${most}.`,
  );
}

/** The layer that `conv2d` makes. */
export interface Conv2d extends ReturnType<typeof conv2dType.make> {}

/**
 * Two-dimensional convolution (cross-correlation), [N, H, W, C] → [N, H', W', filters]:
 * y[n, i, j, f] = activation(bias[f] + Σ x[n, i·s + a·d − top, j·s + b·d − left, c] · kernel[a, b, c, f]) with strides s and
 * dilation d, with `useBias: false` without its
 * first term.
 * With `kernelInitializer: "whitening"` the kernel has the eigenvectors v of the covariance of the windows' values, each as
 * v / √(λ + 0.0005) with its eigenvalue λ, those of the largest ones first, and behind them all of them with opposite signs
 * (Jordan 2024, arXiv 2404.00498): outputs that hardly correlate, of about the same variance.
 * With g `groups` the kernel is [kernelHeight, kernelWidth, C / g, filters], and output f sums over the C / g channels
 * of part ⌊f · g / filters⌋ alone (Krizhevsky et al. 2012).
 *
 * @example conv2d({ filters: 32, kernelSize: 3, activation: "relu" })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function conv2d(options: Conv2dOptions): Conv2d {
  return conv2dType.make(options);
}
