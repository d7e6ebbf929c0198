import type { ActivationName } from "../layers/layer.js";
import { f32x4, type V128, v128 } from "../wasm/index.js";

/** What is done to a sum before it is stored, since it costs next to nothing then. */
export type Rectifier = "relu" | "relu6";

export const isRectifier = (name: ActivationName): name is Rectifier => name === "relu" || name === "relu6";

/** A sum as it is stored. */
export function rectified(sum: V128, rectifier: Rectifier | undefined): V128 {
  if (rectifier === undefined) return sum;
  const above = f32x4.pmax(sum, v128.zero());
  return rectifier === "relu6" ? f32x4.pmin(above, f32x4.const(6)) : above;
}
