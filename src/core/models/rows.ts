import type { Shape } from "../layers/layer.js";
import { type Reshape, reshape } from "../layers/reshape.js";

/** Reads an image [H, W, C] from top to bottom as a sequence [H, W·C] of its rows. */
export function imageRows([height, width, channels]: Shape): Reshape {
  return reshape({ name: "rows", targetShape: [height, width * channels] });
}
