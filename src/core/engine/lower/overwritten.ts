import { RepackNode } from "../nodes/repack.js";
import { Tensor } from "../plan/tensor.js";
import type { LoweringContext } from "./context.js";

/**
 * The tensor that a layer may write over: its input, or a copy where others read that or its slope is lost by it.
 * @param keepsSlope whether the slope that is still to be read from the input is right after it
 */
export function overwritten(
  context: LoweringContext,
  name: string,
  input: Tensor,
  keepsSlope: boolean,
): Tensor {
  if (keepsSlope && input.readers <= 1) return input;
  const copy = new Tensor(input.shape, input.grid, input.needsGradient);
  context.push(new RepackNode(`${name} input`, input, copy));
  return copy;
}
