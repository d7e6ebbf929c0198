import { UsageError } from "../errors.js";
import type { Layer } from "./layer.js";

/**
 * The same layers, each with a name of its own: where one is empty, its type and a number from 1 that no other
 * layer has (`conv2d_1`, `conv2d_2`, …).
 * @throws UsageError when two layers were given one name
 */
export function namedLayers(layers: readonly Layer[]): readonly Layer[] {
  const taken = new Set<string>();
  for (const { name } of layers) {
    if (name === "") continue;
    if (taken.has(name)) {
      throw new UsageError(`Two layers are named "${name}". Give each layer another name, or none.`);
    }
    taken.add(name);
  }
  const last = new Map<string, number>();
  return layers.map((layer) => {
    if (layer.name !== "") return layer;
    let number = last.get(layer.type) ?? 0;
    do number++;
    while (taken.has(`${layer.type}_${number}`));
    last.set(layer.type, number);
    return layer.withName(`${layer.type}_${number}`);
  });
}
