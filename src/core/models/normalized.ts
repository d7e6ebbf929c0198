import { activation } from "../layers/activation.js";
import { type BatchNormOptions, batchNorm } from "../layers/batch-norm.js";
import { conv2d } from "../layers/conv2d.js";
import { depthwiseConv2d } from "../layers/depthwise-conv2d.js";
import type { ActivationName } from "../layers/layer.js";
import type { Padding } from "../layers/padding.js";
import type { Value } from "../layers/value.js";

/** A convolution that is normalized. */
export interface NormalizedConvolution {
  /** Of the convolution. */
  readonly name: string;
  /** Of the normalization; default: the convolution's and `_norm`. */
  readonly normName?: string;
  /** Of each output; without them each channel is convolved by itself. */
  readonly filters?: number;
  readonly kernelSize: number;
  readonly strides?: number;
  /** Default `same`. */
  readonly padding?: Padding;
  readonly norm: BatchNormOptions;
  /** Behind the normalization; default: none. */
  readonly activation?: ActivationName;
}

/** A convolution without a bias, which its normalization would take out again, with He's normal first weights. */
export function normalized(x: Value, options: NormalizedConvolution): Value {
  const { name, filters, kernelSize, strides = 1, padding = "same", activation: kind } = options;
  const own = { name, kernelSize, strides, padding, useBias: false, kernelInitializer: "heNormal" } as const;
  const convolved = filters === undefined ? depthwiseConv2d(own)(x) : conv2d({ ...own, filters })(x);
  const { normName = `${name}_norm`, norm } = options;
  const scaled = batchNorm({ name: normName, ...norm })(convolved);
  return kind === undefined ? scaled : activation({ name: `${name}_${kind}`, function: kind })(scaled);
}
