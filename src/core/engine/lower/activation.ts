import { type ActivationSettings, activationFacts } from "../../kernels/activation.js";
import { ActivationNode, ApartActivationNode } from "../nodes/activation.js";
import { Tensor } from "../plan/tensor.js";
import { isOf, type LoweringContext, type LowerNode } from "./context.js";
import { overwritten } from "./overwritten.js";

export const lowerActivation: LowerNode<"activation"> = (context, node, [input]) => {
  const { function: kind, negativeSlope } = node.layer.options;
  if (kind === "linear") return input;
  // The two commute, and behind the pool there is less to do.
  if (kind === "relu" && input.readers === 1 && isOf(context.soleReader(node), "maxPool2d")) {
    input.reluAhead = true;
    return input;
  }
  return applyActivation(context, node.layer.name, input, { kind, negativeSlope });
};

/** Adds an activation, in place where nobody else needs what was there before. */
export function applyActivation(
  context: LoweringContext,
  name: string,
  input: Tensor,
  settings: ActivationSettings,
): Tensor {
  const { slopeFrom, keepsSign } = activationFacts(settings.kind);
  if (slopeFrom === "input" && context.training) {
    const output = new Tensor(input.shape, input.grid, input.needsGradient);
    context.push(new ApartActivationNode(name, input, output, settings));
    return output;
  }
  // A ReLU's slope needs the sign of its output alone.
  const keepsSlope = input.slope === undefined || (input.slope === "relu" && keepsSign);
  const output = overwritten(context, name, input, keepsSlope);
  context.push(new ActivationNode(name, output, settings));
  output.slope = settings.kind;
  return output;
}
