import { stringify } from "yaml";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { plural } from "../core/words.js";
import { scoreWords } from "./page/words.js";
import type { ConfigurationResult } from "./results.js";
import type { SweepSpec } from "./sweep-spec.js";

/** The best of a sweep as a file of settings, which `heddle train --recipe` takes. */
export function bestRecipe(
  name: string,
  spec: SweepSpec,
  { configuration, score = 0 }: ConfigurationResult,
): string {
  const { data, seeds, optimize } = spec;
  const { name: measure, text } = scoreWords(optimize);
  const settings = {
    ...configuration.settings,
    data: data.name ?? fashionMnist,
    ...(data.options && { dataOptions: data.options }),
    seed: seeds[0],
  };
  const mean = seeds.length > 1 ? `, the mean of ${plural(seeds.length, "seed")}` : "";
  const meaning = `${configuration.name} of the sweep ${name}: ${measure} ${text(score)}${mean}`;
  const head = "# Chosen on the images that validate; no test image was looked at.\n";
  const file = { meaning, ...(data.pictures && { pictures: data.pictures }), settings };
  return `${head}${stringify(file, { lineWidth: 0 })}`;
}
