import type { GraphNode } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import type { ResolvedPadding } from "../core/layers/padding.js";
import { slideWindow } from "../core/layers/window.js";

/** Rows and columns of zeros around the image that a convolution reads. */
export interface WindowZeros {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The zeros that a convolution's padding comes to in its place. */
export function windowZeros({ layer, inputShapes: [sizes] }: GraphNode): WindowZeros {
  const config = layer.config();
  const [kernelSize, strides] = [config.kernelSize as Shape, config.strides as Shape];
  const padding = config.padding as ResolvedPadding;
  const sides =
    typeof padding === "string"
      ? ([padding, padding] as const)
      : ([
          [padding.top, padding.bottom],
          [padding.left, padding.right],
        ] as const);
  const [down, across] = sides.map((side, axis) =>
    slideWindow(sizes[axis], kernelSize[axis], strides[axis], side),
  );
  return { top: down.before, bottom: down.after, left: across.before, right: across.after };
}
