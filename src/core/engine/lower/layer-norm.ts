import { LayerNormNode } from "../nodes/layer-norm.js";
import { gridOf, Tensor } from "../plan/tensor.js";
import { type LowerNode, learns } from "./context.js";

export const lowerLayerNorm: LowerNode<"layerNorm"> = (context, node, [input]) => {
  const { layer, shape } = node;
  const output = new Tensor(shape, gridOf(shape), learns(node, [input]));
  const [gamma, beta] = [context.parameter(node, "gamma"), context.parameter(node, "beta")];
  context.push(new LayerNormNode(layer.name, input, output, { gamma, beta }, layer.options.epsilon));
  return output;
};
