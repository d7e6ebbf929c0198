import type { Layer, Shape } from "../layers/layer.js";

/** A tensor as a matrix of its inputs down and its outputs across. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The tensors that Muon takes, by name (`C2.kernel`): every kernel of two or more axes but what reads the images,
 * that is the input kernels of the first layer with weights, and what makes the logits, the whole last layer.
 *
 * @param inputShape of the images, without the batch axis
 */
export function muonMatrices(layers: readonly Layer[], inputShape: Shape): ReadonlyMap<string, MatrixShape> {
  let shape = inputShape;
  const weighted = layers.flatMap((layer) => {
    const specs = layer.parameters(shape);
    shape = layer.outputShape(shape);
    return specs.length > 0 ? [{ layer, specs }] : [];
  });
  const hidden = weighted
    .slice(0, -1)
    .flatMap(({ layer, specs }, index) =>
      specs
        .filter((spec) => spec.shape.length > 1 && !(index === 0 && !/recurrentKernel$/.test(spec.name)))
        .map((spec) => [`${layer.name}.${spec.name}`, matrixShape(spec.shape)] as const),
    );
  return new Map(hidden);
}

function matrixShape(shape: Shape): MatrixShape {
  const columns = shape[shape.length - 1];
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}
