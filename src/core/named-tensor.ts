import type { Shape } from "./layers/layer.js";

/** A named float32 tensor: `C1.kernel`, [3, 3, 1, 32]. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}
