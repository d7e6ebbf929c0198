import type { Shape } from "./layers/layer.js";

/** A named float32 tensor: `C1.kernel`, [3, 3, 1, 32]. */
export interface NamedTensor {
  /** `<layer>.<tensor>`, such as `conv2d_1.kernel`. */
  readonly name: string;
  /** Its sizes; their product is the length of `data`. */
  readonly shape: Shape;
  /** In row-major order. */
  readonly data: Float32Array;
}
