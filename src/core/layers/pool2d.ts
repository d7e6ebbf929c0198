import { type OptionTable, type ResolvedOptions, sizePair } from "../options/index.js";
import { defineLayer, type LayerWords, type NamedOptions, type OwnOptions } from "./define-layer.js";
import { slideWindow2d } from "./window.js";

/** What both kinds of pooling take. */
export interface Pool2dOptions extends NamedOptions {
  /** One size, or [height, width]; default 2. */
  readonly poolSize?: number | readonly [number, number] | undefined;
  /** One step, or [down, across]; default `poolSize`. */
  readonly strides?: number | readonly [number, number] | undefined;
}

const options = {
  poolSize: { meaning: "sizes of the window", kind: sizePair(), default: 2 },
  strides: { meaning: "steps of the window", kind: sizePair(), otherwise: "as poolSize" },
} as const satisfies OptionTable<OwnOptions<Pool2dOptions>>;

/** Pooling without padding, [N, H, W, C] → [N, H', W', C], H' = ⌊(H − pool) / stride⌋ + 1. */
export function definePool<const Type extends string>(type: Type, words: LayerWords) {
  return defineLayer({
    type,
    ...words,
    options,
    complete: ({ poolSize, strides = poolSize }: ResolvedOptions<typeof options>) => ({ poolSize, strides }),
    outputShape: (layer, [input]) => {
      const { poolSize, strides } = layer.options;
      const { height, width } = slideWindow2d(layer, input, {
        kernelSize: poolSize,
        strides,
        padding: "valid",
      });
      return [height.output, width.output, input[2]];
    },
  });
}
