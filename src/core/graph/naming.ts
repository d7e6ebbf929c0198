import { UsageError } from "../errors.js";
import type { Layer } from "../layers/layer.js";

/**
 * A name of its own for each layer: where one is empty, its type and a number from 1 that no other layer has
 * (`conv2d_1`, `conv2d_2`, …).
 *
 * @throws UsageError when two layers were given one name.
 */
export function uniqueNames(layers: readonly Pick<Layer, "type" | "name">[]): string[] {
  const taken = new Set<string>();
  for (const { name } of layers) {
    if (name === "") continue;
    if (taken.has(name))
      throw new UsageError(`Two layers are named "${name}". Give each layer another name, or none.`);
    taken.add(name);
  }
  const last = new Map<string, number>();
  return layers.map(({ type, name }) => {
    if (name !== "") return name;
    let number = last.get(type) ?? 0;
    do number++;
    while (taken.has(`${type}_${number}`));
    last.set(type, number);
    return `${type}_${number}`;
  });
}
