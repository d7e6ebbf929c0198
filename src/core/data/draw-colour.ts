import type { AugmentationConfig } from "./augmentation.js";
import { colourChange, colourChanges } from "./batch-augmentation.js";
import { below, between, draws, eitherSide, uniform } from "./draws.js";

const jitters = ["brightness", "contrast", "saturation", "hue"] as const;

/** Whether it changes colours at all. */
export const changesColour = (config: AugmentationConfig): boolean =>
  jitters.some((name) => config[name]) || Boolean(config.grey);

/**
 * Draws an image's changes of colours into 10 numbers at `at`: see `BatchAugmentation`. The four of torchvision's
 * ColorJitter come in a random order, and grey, as no saturation, comes last.
 */
export function drawColour(config: AugmentationConfig, key: number, colour: Float32Array, at: number): void {
  const order: (typeof jitters)[number][] = [...jitters];
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(key, draws.colourOrder + last - 1, last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  let to = at;
  const change = (kind: number, amount: number): void => {
    colour[to++] = kind;
    colour[to++] = amount;
  };
  for (const name of order) {
    const most = config[name] ?? 0;
    if (most === 0) continue;
    const draw = draws[name];
    const amount =
      name === "hue" ? eitherSide(key, draw) * most : between(key, draw, Math.max(0, 1 - most), 1 + most);
    change(colourChange[name], amount);
  }
  if (uniform(key, draws.grey) < (config.grey ?? 0)) change(colourChange.saturation, 0);
  colour.fill(colourChange.none, to, at + 2 * colourChanges);
}
