import type { GraphNode } from "../../graph/index.js";
import type { TensorSpec } from "../../layers/layer.js";
import { shapeSize } from "../../layers/shape.js";
import type { PackedParameter, ParameterStore } from "../plan/parameters.js";
import { padded } from "../plan/tensor.js";
import { isOf } from "./context.js";

/** Adds a node's tensor to the flat parameter vector; `inChannels` counts its input's padding. */
export function addParameter(
  store: ParameterStore,
  node: GraphNode,
  { name, shape, kept }: TensorSpec,
  inChannels: number,
): PackedParameter {
  const columns = shape[shape.length - 1];
  // The gates of an LSTM and of a GRU stand apart.
  const gates = isOf(node, "lstm", "bilstm") ? 4 : isOf(node, "gru") ? 3 : 1;
  const units = columns / gates;
  const width = padded(units);
  const columnPlace = (column: number): number => Math.floor(column / units) * width + (column % units);
  if (shape.length === 1) return store.addVector(name, shape, gates * width, columnPlace, kept);
  if (isOf(node, "depthwiseConv2d")) {
    // [kh, kw, C, multiplier]: for each tap the output's channels.
    const channels = shape[2] * columns;
    const row = padded(channels);
    const place = (index: number): number => Math.floor(index / channels) * row + (index % channels);
    return store.addVector(name, shape, shape[0] * shape[1] * row, place, kept);
  }
  const logicalIn = shape[shape.length - 2];
  const groups = shapeSize(shape.slice(0, -2));
  const layout = {
    rows: groups * inChannels,
    columns: gates * width,
    rowPlace: (row: number) => Math.floor(row / logicalIn) * inChannels + (row % logicalIn),
    columnPlace,
  };
  return store.addMatrix(name, shape, layout, kept);
}
