import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import { type Graph, trainedNumbers } from "./graph.js";

/** One layer of a model's table; counts are of one sample. */
export interface SummaryRow {
  readonly name: string;
  readonly type: string;
  readonly outputShape: Shape;
  /** Trained numbers. */
  readonly parameters: number;
  /** Numbers that no optimizer moves. */
  readonly kept: number;
  /** Of the forward pass. */
  readonly multiplyAdds: number;
}

/** A model as a table: a row a layer, and the sums; counts are of one sample. */
export interface ModelSummary {
  /** In the order of the graph. */
  readonly rows: readonly SummaryRow[];
  /** Trained numbers of all layers. */
  readonly parameters: number;
  /** Numbers that no optimizer moves, of all layers. */
  readonly kept: number;
  /** Of the forward pass, of all layers. */
  readonly multiplyAdds: number;
}

/** What each layer makes of what it reads. */
export function summarize({ nodes }: Graph): ModelSummary {
  const rows = nodes.map((node): SummaryRow => {
    const { layer, shape, inputShapes, tensors } = node;
    const parameters = trainedNumbers(node);
    return {
      name: layer.name,
      type: layer.type,
      outputShape: shape,
      parameters,
      kept: tensors.reduce((sum, tensor) => sum + shapeSize(tensor.shape), 0) - parameters,
      multiplyAdds: layer.multiplyAdds(...inputShapes),
    };
  });
  const total = (of: "parameters" | "kept" | "multiplyAdds"): number =>
    rows.reduce((sum, row) => sum + row[of], 0);
  return { rows, parameters: total("parameters"), kept: total("kept"), multiplyAdds: total("multiplyAdds") };
}
