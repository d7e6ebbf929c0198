import type { NamedTensor } from "../engine/network.js";
import { HeddleError } from "../errors.js";
import { initialize } from "../layers/initializers.js";
import type { Layer, ParameterSpec, Shape } from "../layers/layer.js";
import { shapeText } from "../layers/shape.js";

interface NamedSpec {
  /** `<layer>.<parameter>` */
  readonly name: string;
  readonly shape: Shape;
  readonly spec: ParameterSpec;
}

/**
 * Every tensor that a layer list trains. Nothing of their size is allocated, whatever it is.
 *
 * @param layers named layers
 * @param inputShape of one sample
 * @throws HeddleError when the layers don't fit the input shape or each other.
 */
export function parameterShapes(layers: readonly Layer[], inputShape: Shape): NamedSpec[] {
  const shapes: NamedSpec[] = [];
  let shape = inputShape;
  for (const layer of layers) {
    const output = layer.outputShape(shape);
    for (const spec of layer.parameters(shape)) {
      shapes.push({ name: `${layer.name}.${spec.name}`, shape: spec.shape, spec });
    }
    shape = output;
  }
  return shapes;
}

/**
 * The first weights of a layer list, each drawn from a stream of its own.
 *
 * @throws HeddleError as `parameterShapes` does.
 */
export function initialWeights(layers: readonly Layer[], inputShape: Shape, seed: number): NamedTensor[] {
  return parameterShapes(layers, inputShape).map(({ name, shape, spec }, index) => ({
    name,
    shape,
    data: initialize(spec, seed, index),
  }));
}

/**
 * Holds tensors against those that a model has: the same names and shapes, in any order.
 *
 * @param source what the tensors came from, for the error
 * @throws HeddleError on one missing, unknown or of another shape.
 */
export function checkTensors(
  tensors: readonly NamedTensor[],
  expected: readonly Pick<NamedTensor, "name" | "shape">[],
  source = "The weights",
): void {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of expected) {
    const tensor = given.get(name);
    if (!tensor) throw mismatch(source, `${name} is missing`);
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw mismatch(source, `${name} is ${shapeText(tensor.shape)}, not ${shapeText(shape)}`);
    }
    given.delete(name);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) throw mismatch(source, `${unknown} is not one of its tensors`);
}

function mismatch(source: string, what: string): HeddleError {
  return new HeddleError(
    `${source}: these are weights of another model: ${what}. Build the model with the layers they were saved from.`,
  );
}
