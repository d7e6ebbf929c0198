import type { GraphNode } from "../../graph/index.js";
import type { TensorSpec } from "../../layers/layer.js";
import { shapeSize } from "../../layers/shape.js";
import type { PackedParameter, ParameterStore, StoredTensor } from "../plan/parameters.js";
import { padded } from "../plan/tensor.js";
import { groupsOf, isDepthwise, isOf } from "./context.js";

/** Adds a node's tensor to the flat parameter vector; `inChannels` counts its input's padding. */
export function addParameter(
  store: ParameterStore,
  node: GraphNode,
  spec: TensorSpec,
  inChannels: number,
): PackedParameter {
  const { shape } = spec;
  const columns = shape[shape.length - 1];
  const groups = groupsOf(node);
  if (groups > 1 && !isDepthwise(node)) return addGroups(store, spec, groups, inChannels);
  // The gates of an LSTM and of a GRU stand apart.
  const gates = isOf(node, "lstm", "bilstm") ? 4 : isOf(node, "gru") ? 3 : 1;
  const units = columns / gates;
  const width = padded(units);
  const columnPlace = (column: number): number => Math.floor(column / units) * width + (column % units);
  if (shape.length === 1) return store.addVector(spec, gates * width, columnPlace);
  if (shape.length > 1 && isDepthwise(node)) {
    // [kh, kw, C, multiplier] or [kh, kw, 1, filters]: for each tap the output's channels.
    const channels = shape[2] * columns;
    const row = padded(channels);
    const place = (index: number): number => Math.floor(index / channels) * row + (index % channels);
    return store.addVector(spec, shape[0] * shape[1] * row, place);
  }
  const logicalIn = shape[shape.length - 2];
  const layout = {
    rows: shapeSize(shape.slice(0, -2)) * inChannels,
    columns: gates * width,
    rowPlace: (row: number) => Math.floor(row / logicalIn) * inChannels + (row % logicalIn),
    columnPlace,
  };
  return store.addMatrix(spec, layout);
}

/** A tensor of a convolution in groups: each group's part as if it were a convolution's of its own (`partOf`). */
function addGroups(
  store: ParameterStore,
  spec: StoredTensor,
  groups: number,
  inChannels: number,
): PackedParameter {
  const { shape } = spec;
  const columns = shape[shape.length - 1];
  const units = columns / groups;
  const width = padded(units);
  const logicalIn = shape.length > 1 ? shape[2] : 1;
  const rows = shape.length > 1 ? shape[0] * shape[1] * inChannels : 1;
  const groupLength = Math.ceil((Math.ceil(width / 8) * 8 * rows) / 16) * 16;
  const place = (index: number): number => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const [group, unit] = [Math.floor(column / units), column % units];
    const paddedRow = Math.floor(row / logicalIn) * inChannels + (row % logicalIn);
    return group * groupLength + (Math.floor(unit / 8) * rows + paddedRow) * 8 + (unit % 8);
  };
  return store.addVector(spec, groups * groupLength, place);
}
