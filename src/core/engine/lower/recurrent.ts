import { sampleStride } from "../../kernels/grid.js";
import { LstmNode } from "../nodes/lstm.js";
import { RecurrentDirection } from "../nodes/recurrent-direction.js";
import { gridOf, padded, Tensor } from "../plan/tensor.js";
import { type LowerNode, learns } from "./context.js";

export const lowerRecurrent: LowerNode<"lstm" | "bilstm"> = (context, node, [input]) => {
  const { layer, shape } = node;
  const { units, returnSequences } = layer.options;
  const prefixes = layer.type === "lstm" ? [""] : ["forward.", "backward."];
  const directions = prefixes.map(
    (prefix, index) =>
      new RecurrentDirection({
        name: `${layer.name}${layer.type === "lstm" ? "" : index === 0 ? " forward" : " backward"}`,
        steps: input.shape[0],
        features: input.grid.channels,
        inputSample: sampleStride(input.grid),
        units: padded(units),
        reverse: index === 1,
        kernel: context.parameter(node, `${prefix}kernel`, input.grid.channels),
        recurrentKernel: context.parameter(node, `${prefix}recurrentKernel`, padded(units)),
        bias: context.parameter(node, `${prefix}bias`),
      }),
  );
  const output = new Tensor(shape, gridOf(shape), learns(node, [input]));
  context.push(new LstmNode(layer.name, input, output, directions, units, returnSequences));
  return output;
};
