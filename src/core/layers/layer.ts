/** The sizes of a tensor without its batch axis, e.g. [height, width, channels]. */
export type Shape = readonly number[];

export type Initializer = "glorotUniform" | "orthogonal" | "zeros" | "lstmBias";

/** One trainable tensor of a layer. */
export interface ParameterSpec {
  /** `kernel`, `bias`, `recurrentKernel`, or with a direction before it (`forward.kernel`). */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
}

export type LayerType =
  | "conv2d"
  | "maxPool2d"
  | "averagePool2d"
  | "dense"
  | "flatten"
  | "reshape"
  | "dropout"
  | "activation"
  | "lstm"
  | "bilstm";

export type ActivationName = "linear" | "relu" | "tanh" | "sigmoid";

/**
 * What a layer is: its options, the shape it gives, the tensors it trains. How it is computed lives in the
 * engine (emitted kernels) and in kernels/reference (plain double precision).
 */
export interface Layer<Type extends LayerType = LayerType> {
  readonly type: Type;
  /** Unique in its model; `sequential` fills it in (`conv2d_1`) where it is left empty. */
  readonly name: string;
  /** @throws HeddleError when the layer can't take such an input, naming what it got and what it wants. */
  outputShape(input: Shape): Shape;
  parameters(input: Shape): readonly ParameterSpec[];
  /** Multiply-adds of one sample's forward pass (products of weights with activations alone). */
  multiplyAdds(input: Shape): number;
  /** The same layer under another name. */
  withName(name: string): Layer<Type>;
  /** Every option, defaults filled in, as JSON: `layerFromConfig` makes the layer again. */
  config(): LayerConfig;
}

export interface LayerConfig {
  readonly type: LayerType;
  readonly name: string;
  readonly [option: string]: unknown;
}
