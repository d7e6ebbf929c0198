import type { Layer, LayerType, Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";

/** One layer of a model's table; counts are of one sample. */
export interface SummaryRow {
  readonly name: string;
  readonly type: LayerType;
  readonly outputShape: Shape;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Of the forward pass. */
  readonly multiplyAdds: number;
}

export interface ModelSummary {
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  readonly multiplyAdds: number;
}

/** What each layer makes of the one before. @throws HeddleError when a layer can't take its input */
export function summarize(layers: readonly Layer[], inputShape: Shape): ModelSummary {
  let shape = inputShape;
  const rows = layers.map((layer): SummaryRow => {
    const input = shape;
    shape = layer.outputShape(input);
    const sizes = layer.parameters(input).map((parameter) => shapeSize(parameter.shape));
    return {
      name: layer.name,
      type: layer.type,
      outputShape: shape,
      parameters: sizes.reduce((sum, size) => sum + size, 0),
      multiplyAdds: layer.multiplyAdds(input),
    };
  });
  return {
    rows,
    parameters: rows.reduce((sum, row) => sum + row.parameters, 0),
    multiplyAdds: rows.reduce((sum, row) => sum + row.multiplyAdds, 0),
  };
}
