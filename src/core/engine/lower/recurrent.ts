import { sampleStride } from "../../kernels/grid.js";
import { GruCell } from "../nodes/gru-cell.js";
import { LstmCell } from "../nodes/lstm-cell.js";
import { RecurrentNode } from "../nodes/recurrent.js";
import { RecurrentDirection } from "../nodes/recurrent-direction.js";
import { gridOf, padded, Tensor } from "../plan/tensor.js";
import { type LowerNode, learns } from "./context.js";

export const lowerRecurrent: LowerNode<"lstm" | "bilstm" | "gru"> = (context, node, [input]) => {
  const { layer, shape } = node;
  const { units, returnSequences } = layer.options;
  const both = layer.type === "bilstm";
  const prefixes = both ? ["forward.", "backward."] : [""];
  const directions = prefixes.map(
    (prefix, index) =>
      new RecurrentDirection({
        name: `${layer.name}${!both ? "" : index === 0 ? " forward" : " backward"}`,
        steps: input.shape[0],
        features: input.grid.channels,
        inputSample: sampleStride(input.grid),
        units: padded(units),
        reverse: index === 1,
        kernel: context.parameter(node, `${prefix}kernel`, input.grid.channels),
        recurrentKernel: context.parameter(node, `${prefix}recurrentKernel`, padded(units)),
        bias: context.parameter(node, `${prefix}bias`),
        cell:
          layer.type === "gru"
            ? new GruCell(padded(units), context.parameter(node, "recurrentBias"))
            : new LstmCell(padded(units)),
      }),
  );
  const output = new Tensor(shape, gridOf(shape), learns(node, [input]));
  context.push(new RecurrentNode(layer.name, input, output, directions, units, returnSequences));
  return output;
};
