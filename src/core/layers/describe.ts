import { describeOptions, type OptionDescription } from "../options/index.js";
import type { LayerWords } from "./define-layer.js";
import { type LayerTypeName, layerRegistry } from "./registry.js";

/** A type of layer as documents and commands show it. */
export interface LayerDescription extends LayerWords {
  readonly type: LayerTypeName;
  readonly options: readonly OptionDescription[];
}

/** What its definition says of a type of layer. */
export function describeLayer(type: LayerTypeName): LayerDescription {
  const { words, options } = layerRegistry[type];
  return { type, meaning: words.meaning, example: words.example, options: describeOptions(options) };
}
