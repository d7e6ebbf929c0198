/** The sizes of a tensor without its batch axis, e.g. [height, width, channels]. */
export type Shape = readonly number[];

/** What flows from layer to layer in a model that is being put together: the images, or what a layer gives. */
export interface Value {
  /** Without the batch axis. */
  readonly shape: Shape;
}

/**
 * What the weights of a product hold at first. With fanIn and fanOut, what a number of the output is a sum over and what
 * a number of the input goes into, a convolution's window counted in both:
 * `glorotUniform` is uniform in ± √(6 / (fanIn + fanOut)), `glorotNormal` normal with variance 2 / (fanIn + fanOut)
 * (Glorot and Bengio 2010); `heUniform` uniform in ± √(6 / fanIn), `heNormal` normal with variance 2 / fanIn (He et al.
 * 2015); `orthogonal` the orthogonal factor of a normal matrix of inputs and outputs (Saxe et al. 2014); `dirac` passes
 * channel n of the input on to channel n of the output, and nothing to others, `diracUniform` the same but draws what goes
 * to outputs beyond the inputs uniformly in ± 1 / √fanIn (Jordan 2024); `truncatedNormal` is normal with deviation 0.02, drawn anew
 * beyond two deviations; `zeros`.
 */
export type KernelInitializer =
  | "glorotUniform"
  | "glorotNormal"
  | "heUniform"
  | "heNormal"
  | "orthogonal"
  | "dirac"
  | "diracUniform"
  | "truncatedNormal"
  | "zeros";

/**
 * What a tensor holds at first: also ones, of `lstmBias` zeros but for ones at the forget gate, and of `whitening` zeros
 * until the first fit works it out from the images that train.
 */
export type Initializer = KernelInitializer | "ones" | "lstmBias" | "whitening";

/** One tensor of a layer. */
export interface TensorSpec {
  /** `kernel`, `bias`, `recurrentKernel`, or with a direction before it (`forward.kernel`). */
  readonly name: string;
  /** Its sizes. */
  readonly shape: Shape;
  /** What it holds at first. */
  readonly initializer: Initializer;
  /** Of a kernel that is several, none of which has to do with another, side by side: how many, and each one's sizes. */
  readonly kernels?: { readonly count: number; readonly shape: Shape };
  /** Whether no optimizer moves it: a running statistic, or a tensor of a frozen layer (default false). */
  readonly kept?: boolean;
  /** Whether each step of training moves it though no optimizer does: a running statistic (default false). */
  readonly running?: boolean;
}

/**
 * A function of each value alone, with σ(x) = 1 / (1 + e^(−x)):
 * `linear` x; `relu` max(x, 0); `relu6` min(max(x, 0), 6); `leakyRelu` x above 0, a hundredth of it below; `elu` x above
 * 0, e^x − 1 below (Clevert et al. 2016); `tanh`; `sigmoid` σ(x); `softplus` ln(1 + e^x); `silu` x σ(x) (Elfwing et al.
 * 2018); `hardSwish` x · relu6(x + 3) / 6 (Howard et al. 2019); `gelu` x Φ(x) with the normal distribution Φ, and
 * `geluTanh` ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), its approximation (Hendrycks and Gimpel 2016).
 */
export type ActivationName =
  | "linear"
  | "relu"
  | "relu6"
  | "leakyRelu"
  | "elu"
  | "tanh"
  | "sigmoid"
  | "softplus"
  | "silu"
  | "hardSwish"
  | "gelu"
  | "geluTanh";

/**
 * What a layer is: its options, the shape it gives, its tensors. How it is computed lives in the engine (emitted
 * kernels) and in kernels/reference (plain double precision). Layers are made by factories such as `dense`, from
 * definitions (`defineLayer`).
 */
export interface Layer<Type extends string = string, Options extends object = object> {
  /** `conv2d`, say. */
  readonly type: Type;
  /** Unique in its model, which fills it in (`conv2d_1`) where it is left empty. */
  readonly name: string;
  /** Every option but the name, defaults filled in. */
  readonly options: Options;
  /** False where its tensors stay as they are in training. */
  readonly trainable: boolean;
  /** Whether it reads one input or several. */
  readonly inputs: "one" | "several";
  /** @throws HeddleError when the layer can't take such inputs, naming what it got and what it wants. */
  outputShape(...inputs: readonly Shape[]): Shape;
  /** Its tensors for such inputs; none where it has nothing to learn. */
  tensors(...inputs: readonly Shape[]): readonly TensorSpec[];
  /** Multiply-adds of one sample's forward pass (products of weights with activations alone). */
  multiplyAdds(...inputs: readonly Shape[]): number;
  /** The same layer under another name. */
  withName(name: string): this;
  /** Every option as JSON: `layerFromConfig` makes the layer again. */
  config(): LayerConfig;
}

/** A layer that reads one input: call it with what it is to read. */
export interface OneInputLayer<Type extends string = string, Options extends object = object>
  extends Layer<Type, Options> {
  /** @throws HeddleError when it can't take such an input. */
  (input: Value): Value;
}

/** A layer that joins several inputs: call it with a list of them. */
export interface JoiningLayer<Type extends string = string, Options extends object = object>
  extends Layer<Type, Options> {
  /** @throws HeddleError when it can't take such inputs. */
  (inputs: readonly Value[]): Value;
}

/** A layer as JSON: its type, its name and every option. */
export interface LayerConfig {
  readonly type: string;
  readonly name: string;
  readonly [option: string]: unknown;
}
