import { HeddleError } from "../../errors.js";
import type { Layer, ParameterSpec, Shape } from "../../layers/layer.js";
import { shapeSize, shapeText } from "../../layers/shape.js";
import { dropoutKey } from "./dropout.js";
import { type LayerPass, type LayerTensors, referenceLayer } from "./layer.js";
import { softmaxCrossEntropy } from "./softmaxCrossEntropy.js";

/** Tensors by `<layer>.<parameter>`, e.g. `C1.kernel`. */
export type NamedValues = ReadonlyMap<string, Float64Array | Float32Array>;

export interface ReferenceOptions {
  /** Whether dropout drops (default false). */
  readonly training?: boolean;
  /** Of the dropout (default 0). */
  readonly seed?: number;
  /** Counts from 0 (default 0); every step drops others. */
  readonly step?: number;
}

export interface ReferencePass {
  /** Of the last layer, [n, ...outputShape]. */
  readonly output: Float64Array;
  /** The gradients from that of the output. */
  backward(outputGradient: Float64Array): ReferenceGradients;
}

export interface ReferenceGradients {
  /** By the same names as the parameters. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
  /** [n, ...inputShape] */
  readonly inputGradient: Float64Array;
}

export interface ReferenceLoss extends ReferenceGradients {
  /** Cross-entropy of each sample, [n]; the gradients are those of its mean. */
  readonly losses: Float64Array;
  /** [n, classes] */
  readonly logits: Float64Array;
  /** [n, classes] */
  readonly probabilities: Float64Array;
}

/** A model in plain double precision, slow and easy to read: what the engine is tested against. */
export interface ReferenceNetwork {
  readonly outputShape: Shape;
  /** Every trainable tensor by its full name, in the order of the layers. */
  readonly parameters: readonly ParameterSpec[];
  /** @param input [n, ...inputShape] */
  run(parameters: NamedValues, input: Float64Array, n: number, options?: ReferenceOptions): ReferencePass;
  /** The last layer's output alone, [n, ...outputShape]. */
  forward(parameters: NamedValues, input: Float64Array, n: number, options?: ReferenceOptions): Float64Array;
  /** The output taken as logits, its softmax cross-entropy, and all gradients of the mean loss. */
  gradient(
    parameters: NamedValues,
    input: Float64Array,
    labels: ArrayLike<number>,
    n: number,
    options?: ReferenceOptions & { readonly labelSmoothing?: number },
  ): ReferenceLoss;
}

/**
 * @param layers named
 * @throws HeddleError when a layer can't take what the one before it gives
 */
export function referenceNetwork(layers: readonly Layer[], inputShape: Shape): ReferenceNetwork {
  let outputShape = inputShape;
  const places = layers.map((layer, index) => {
    const shape = outputShape;
    outputShape = layer.outputShape(shape);
    return { layer, index, shape, specs: layer.parameters(shape) };
  });

  const run: ReferenceNetwork["run"] = (parameters, input, n, options = {}) => {
    const { training = false, seed = 0, step = 0 } = options;
    const passes: LayerPass[] = [];
    let output = input;
    for (const { layer, index, shape, specs } of places) {
      const own = layerTensors(parameters, layer.name, specs);
      const key = training ? dropoutKey(seed, step, index) : undefined;
      const pass = referenceLayer(layer, shape, own, output, n, key);
      passes.push(pass);
      output = pass.output;
    }
    const backward = (outputGradient: Float64Array): ReferenceGradients => {
      const gradients = new Map<string, Float64Array>();
      let gradient = outputGradient;
      for (const { layer, index } of [...places].reverse()) {
        const back = passes[index].backward(gradient);
        for (const [name, values] of Object.entries(back.parameters)) {
          gradients.set(`${layer.name}.${name}`, values);
        }
        gradient = back.input;
      }
      return { gradients, inputGradient: gradient };
    };
    return { output, backward };
  };

  return {
    outputShape,
    parameters: places.flatMap(({ layer, specs }) =>
      specs.map((spec) => ({ ...spec, name: `${layer.name}.${spec.name}` })),
    ),
    run,
    forward: (parameters, input, n, options) => run(parameters, input, n, options).output,
    gradient: (parameters, input, labels, n, options = {}) => {
      const { output: logits, backward } = run(parameters, input, n, options);
      const loss = softmaxCrossEntropy(logits, labels, shapeSize(outputShape), options.labelSmoothing);
      const { losses, probabilities } = loss;
      return { losses, logits, probabilities, ...backward(loss.gradient) };
    },
  };
}

function layerTensors(
  parameters: NamedValues,
  layerName: string,
  specs: readonly ParameterSpec[],
): LayerTensors {
  const own: Record<string, Float64Array> = {};
  for (const { name, shape } of specs) {
    const values = parameters.get(`${layerName}.${name}`);
    if (values?.length !== shapeSize(shape)) {
      const given = values === undefined ? "there is none" : `${values.length} values were given`;
      throw new HeddleError(`The tensor ${layerName}.${name} must be ${shapeText(shape)}, but ${given}.`);
    }
    own[name] = Float64Array.from(values);
  }
  return own;
}
