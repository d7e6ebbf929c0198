import type { ActivationName } from "../../layers/layer.js";
import { ActivationNode } from "../nodes/activation.js";
import { RepackNode } from "../nodes/repack.js";
import { Tensor } from "../plan/tensor.js";
import type { LoweringContext, LowerNode } from "./context.js";

export const lowerActivation: LowerNode<"activation"> = (context, node, [input]) =>
  applyActivation(context, node.layer.name, input, node.layer.options.function);

/** Adds an activation, in place where nobody else needs what was there before. */
export function applyActivation(
  context: LoweringContext,
  name: string,
  input: Tensor,
  activation: ActivationName,
): Tensor {
  if (activation === "linear") return input;
  // A ReLU's slope needs the sign of its output alone, which another ReLU and tanh keep.
  const keepsSlope = input.slope === undefined || (input.slope === "relu" && activation !== "sigmoid");
  let output = input;
  if (!keepsSlope || input.readers > 1) {
    output = new Tensor(input.shape, input.grid, input.needsGradient);
    context.push(new RepackNode(`${name} input`, input, output));
  }
  context.push(new ActivationNode(name, output, activation));
  output.slope = activation;
  return output;
}
