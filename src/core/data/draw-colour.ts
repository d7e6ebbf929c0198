import type { AugmentationConfig } from "./augmentation.js";
import { colourChange, colourChanges } from "./batch-augmentation.js";
import { below, between, draws, eitherSide, uniform } from "./draws.js";

const jitters = ["brightness", "contrast", "saturation", "hue"] as const;

/** Every order of some things. */
function orders<Thing>(things: readonly Thing[]): readonly (readonly Thing[])[] {
  if (things.length === 0) return [[]];
  return things.flatMap((first) =>
    orders(things.filter((thing) => thing !== first)).map((rest) => [first, ...rest]),
  );
}

/** Drawn from, so that an image's order takes no memory of its own. */
const jitterOrders = orders(jitters);

/** Whether it changes colours at all. */
export const changesColour = (config: AugmentationConfig): boolean =>
  jitters.some((name) => config[name]) || Boolean(config.grey);

/**
 * Draws an image's changes of colours into 10 numbers at `at`: see `BatchAugmentation`. The four of torchvision's
 * ColorJitter come in a random order, and grey, as no saturation, comes last.
 */
export function drawColour(config: AugmentationConfig, key: number, colour: Float32Array, at: number): void {
  let to = at;
  for (const name of jitterOrders[below(key, draws.colourOrder, jitterOrders.length)]) {
    const most = config[name] ?? 0;
    if (most === 0) continue;
    colour[to++] = colourChange[name];
    colour[to++] = drawAmount(name, most, key);
  }
  if (uniform(key, draws.grey) < (config.grey ?? 0)) {
    colour[to++] = colourChange.saturation;
    colour[to++] = 0;
  }
  colour.fill(colourChange.none, to, at + 2 * colourChanges);
}

function drawAmount(name: (typeof jitters)[number], most: number, key: number): number {
  const draw = draws[name];
  if (name === "hue") return eitherSide(key, draw) * most;
  return between(key, draw, Math.max(0, 1 - most), 1 + most);
}
