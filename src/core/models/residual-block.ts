import { activation } from "../layers/activation.js";
import { add } from "../layers/add.js";
import type { Padding } from "../layers/padding.js";
import type { Value } from "../layers/value.js";
import { normalized } from "./normalized.js";
import { torchNorm } from "./torch-norm.js";

export const relu = (name: string) => activation({ name, function: "relu" });

/** What a block makes of its input. */
export interface ResidualBlock {
  readonly filters: number;
  readonly strides: number;
  /** Around 3×3 windows; default `same`. */
  readonly padding?: Padding;
}

/**
 * relu(f(x) + x), f two 3×3 convolutions (He et al. 2016); where sizes change, a 1×1 convolution brings x to the new ones.
 */
export function residualBlock(x: Value, name: string, { filters, strides, padding }: ResidualBlock): Value {
  const of = (part: string): string => `${name}_${part}`;
  const convolved = (from: Value, part: string, norm: string, kernelSize: number, step: number): Value =>
    normalized(from, {
      name: of(part),
      normName: of(norm),
      filters,
      kernelSize,
      strides: step,
      padding: kernelSize > 1 ? padding : "same",
      norm: torchNorm,
    });
  const first = relu(of("relu1"))(convolved(x, "conv1", "norm1", 3, strides));
  const second = convolved(first, "conv2", "norm2", 3, 1);
  const skip = strides === 1 ? x : convolved(x, "shortcut", "shortcutNorm", 1, strides);
  return relu(of("relu2"))(add({ name: of("sum") })([second, skip]));
}
