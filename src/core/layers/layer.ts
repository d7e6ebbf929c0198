/** The sizes of a tensor without its batch axis, e.g. [height, width, channels]. */
export type Shape = readonly number[];

/** What flows from layer to layer in a model that is being put together: the images, or what a layer gives. */
export interface Value {
  /** Without the batch axis. */
  readonly shape: Shape;
}

/**
 * What a tensor holds at first: `glorotUniform` is uniform in ± √(6 / (fanIn + fanOut)) (Glorot and Bengio 2010),
 * `orthogonal` the orthogonal factor of a normal matrix (Saxe et al. 2014), `lstmBias` zeros but for ones at the forget
 * gate.
 */
export type Initializer = "glorotUniform" | "orthogonal" | "zeros" | "ones" | "lstmBias";

/** One tensor of a layer. */
export interface TensorSpec {
  /** `kernel`, `bias`, `recurrentKernel`, or with a direction before it (`forward.kernel`). */
  readonly name: string;
  /** Its sizes. */
  readonly shape: Shape;
  /** What it holds at first. */
  readonly initializer: Initializer;
  /** Whether no optimizer moves it: a running statistic, or a tensor of a frozen layer (default false). */
  readonly kept?: boolean;
}

/** A function of each value alone: x, max(x, 0), tanh x, 1 / (1 + e^(−x)). */
export type ActivationName = "linear" | "relu" | "tanh" | "sigmoid";

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
