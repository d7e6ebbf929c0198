import { HeddleError } from "../../errors.js";
import { type Graph, images, tensorsOf } from "../../graph/index.js";
import type { Shape, TensorSpec } from "../../layers/layer.js";
import { shapeSize, shapeText } from "../../layers/shape.js";
import { type LossName, usualLoss } from "../../loss.js";
import { dropoutKey } from "./dropout.js";
import type { LayerPass, LayerTensors } from "./pass.js";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";
import { oneHot, softmaxCrossEntropy } from "./softmax-cross-entropy.js";
import { runTwin } from "./twins.js";

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

export interface ReferenceLossOptions {
  /** Default: cross-entropy over softmax. */
  readonly loss?: LossName;
  /** In place of the labels, [n, classes]. */
  readonly targets?: ArrayLike<number>;
  readonly labelSmoothing?: number;
  /** Of the samples, [n]. */
  readonly weights?: ArrayLike<number>;
}

export interface ReferencePass {
  /** Of the last layer, [n, ...outputShape]. */
  readonly output: Float64Array;
  /** What a training pass leaves in the tensors that it keeps, by their full names. */
  readonly kept: ReadonlyMap<string, Float64Array>;
  /** The gradients from that of the output. */
  backward(outputGradient: Float64Array): ReferenceGradients;
}

export interface ReferenceGradients {
  /** Of the trained tensors, by their full names. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
  /** [n, ...inputShape] */
  readonly inputGradient: Float64Array;
}

export interface ReferenceLoss extends ReferenceGradients {
  readonly kept: ReadonlyMap<string, Float64Array>;
  /** Of each sample, [n]; the gradients are those of its mean. */
  readonly losses: Float64Array;
  /** [n, classes] */
  readonly logits: Float64Array;
  /** [n, classes] */
  readonly probabilities: Float64Array;
}

/** A model in plain double precision, slow and easy to read: what the engine is tested against. */
export interface ReferenceNetwork {
  readonly outputShape: Shape;
  /** Every tensor by its full name, in the order of the layers. */
  readonly tensors: readonly TensorSpec[];
  /** @param input [n, ...inputShape] */
  run(parameters: NamedValues, input: Float64Array, n: number, options?: ReferenceOptions): ReferencePass;
  /** The last layer's output alone, [n, ...outputShape]. */
  forward(parameters: NamedValues, input: Float64Array, n: number, options?: ReferenceOptions): Float64Array;
  /** The output taken as logits, its loss, and all gradients of the mean loss. */
  gradient(
    parameters: NamedValues,
    input: Float64Array,
    labels: ArrayLike<number>,
    n: number,
    options?: ReferenceOptions & ReferenceLossOptions,
  ): ReferenceLoss;
}

export function referenceNetwork(graph: Graph): ReferenceNetwork {
  const { nodes, outputShape } = graph;

  const run: ReferenceNetwork["run"] = (parameters, input, n, options = {}) => {
    const { training = false, seed = 0, step = 0 } = options;
    const passes: LayerPass[] = [];
    const kept = new Map<string, Float64Array>();
    const outputOf = (index: number) => (index === images ? input : passes[index].output);
    for (const { layer, index, inputs, inputShapes, tensors } of nodes) {
      const pass = runTwin(layer, {
        shapes: inputShapes,
        inputs: inputs.map(outputOf),
        tensors: layerTensors(parameters, layer.name, tensors),
        batch: n,
        training,
        frozen: tensors.every(({ kept }) => kept),
        dropoutKey: training ? dropoutKey(seed, step, index) : undefined,
      });
      passes.push(pass);
      for (const [name, values] of Object.entries(pass.kept ?? {})) kept.set(`${layer.name}.${name}`, values);
    }
    const backward = (outputGradient: Float64Array): ReferenceGradients => {
      const gradients = new Map<string, Float64Array>();
      /** Of what each node gives; the images' under their own number. */
      const sums = new Map<number, Float64Array>([[nodes.length - 1, outputGradient]]);
      const addTo = (index: number, gradient: Float64Array): void => {
        const before = sums.get(index);
        sums.set(index, before ? before.map((value, at) => value + gradient[at]) : gradient);
      };
      for (const { index, layer, inputs, tensors } of [...nodes].reverse()) {
        const back = passes[index].backward(sums.get(index)!);
        for (const { name, kept: isKept } of tensors)
          if (!isKept) gradients.set(name, back.tensors[name.slice(layer.name.length + 1)]);
        inputs.forEach((from, at) => {
          addTo(from, back.inputs[at]);
        });
      }
      return { gradients, inputGradient: sums.get(images)! };
    };
    return { output: outputOf(nodes.length - 1), kept, backward };
  };

  return {
    outputShape,
    tensors: tensorsOf(graph),
    run,
    forward: (parameters, input, n, options) => run(parameters, input, n, options).output,
    gradient: (parameters, input, labels, n, options = {}) => {
      const { output: logits, kept, backward } = run(parameters, input, n, options);
      const { labelSmoothing, weights, loss = usualLoss } = options;
      const classes = shapeSize(outputShape);
      const { targets = oneHot(labels, classes) } = options;
      const lossOf = loss === "crossEntropy" ? softmaxCrossEntropy : sigmoidCrossEntropy;
      const { losses, probabilities, gradient } = lossOf(logits, targets, classes, labelSmoothing, weights);
      return { losses, logits, probabilities, kept, ...backward(gradient) };
    },
  };
}

/** A layer's own tensors, by their short names. @throws HeddleError on a missing or wrongly shaped one */
export function layerTensors(
  parameters: NamedValues,
  layerName: string,
  specs: readonly TensorSpec[],
): LayerTensors {
  const own: Record<string, Float64Array> = {};
  for (const { name, shape } of specs) {
    const values = parameters.get(name);
    if (values?.length !== shapeSize(shape)) {
      const given = values === undefined ? "there is none" : `${values.length} values were given`;
      throw new HeddleError(`The tensor ${name} must be ${shapeText(shape)}, but ${given}.`);
    }
    own[name.slice(layerName.length + 1)] = Float64Array.from(values);
  }
  return own;
}
