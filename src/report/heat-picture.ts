import { resized } from "../core/explain/heat.js";
import type { Shape } from "../core/layers/layer.js";

/** Heat over an image, [height, width], 0 … 1. */
export interface HeatMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

type Colour = readonly [red: number, green: number, blue: number];

/** From little heat to the most, ever darker, so that they are told apart in grey too (ColorBrewer's YlOrRd). */
const colours: readonly Colour[] = [
  [255, 255, 178],
  [254, 204, 92],
  [253, 141, 60],
  [240, 59, 32],
  [189, 0, 38],
];

/** How much of a picture the greatest heat covers. */
const cover = 0.75;

/** How much of its colours a picture keeps under a heat map, whose own are then seen. */
const keptColour = 0.35;

/**
 * A picture with heat laid over it, [H, W, 3]: yellow where there is little, dark red where there is most,
 * and in its own colours, faded, where there is none.
 *
 * @param pixels [H, W, 1 or 3] as bytes
 * @param heat of any size: it is drawn over the whole
 */
export function heatPicture(pixels: Uint8Array, [height, width, channels]: Shape, heat: HeatMap): Uint8Array {
  const over = resized({ ...heat, values: Float64Array.from(heat.values) }, height, width).values;
  const picture = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < over.length; pixel++) {
    const own = [0, 1, 2].map((channel) => pixels[pixel * channels + (channels === 3 ? channel : 0)]);
    const grey = 0.299 * own[0] + 0.587 * own[1] + 0.114 * own[2];
    const colour = colourOf(over[pixel]);
    const share = cover * Math.min(1, 1.5 * over[pixel]);
    for (let channel = 0; channel < 3; channel++) {
      const below = grey + keptColour * (own[channel] - grey);
      picture[pixel * 3 + channel] = Math.round(below * (1 - share) + colour[channel] * share);
    }
  }
  return picture;
}

function colourOf(heat: number): readonly number[] {
  const at = Math.min(1, Math.max(0, heat)) * (colours.length - 1);
  const first = Math.min(Math.floor(at), colours.length - 2);
  return colours[first].map((from, channel) => from + (at - first) * (colours[first + 1][channel] - from));
}
