import { type Graph, graphOf } from "../graph/index.js";
import { add } from "../layers/add.js";
import type { BatchNormOptions } from "../layers/batch-norm.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { globalAveragePool2d } from "../layers/global-average-pool2d.js";
import type { Shape } from "../layers/layer.js";
import type { Padding } from "../layers/padding.js";
import { input, type Value } from "../layers/value.js";
import { normalized } from "./normalized.js";

/** A row of a table of inverted residuals: `repeats` blocks, of which the first alone has strides. */
export interface Stage {
  readonly expansion: number;
  readonly filters: number;
  readonly repeats: number;
  readonly strides: number;
  readonly kernelSize: number;
}

/** What networks of inverted residuals differ in. */
export interface InvertedResiduals {
  readonly stages: readonly Stage[];
  readonly norm: BatchNormOptions;
  /** Around windows of more than a pixel. */
  readonly padding: Padding;
}

/**
 * A first convolution of 32 filters that halves, blocks, a last convolution of 1,280, and a dense layer over the global
 * average of which a fifth is dropped.
 */
export function invertedResidualNetwork(
  inputShape: Shape,
  classes: number,
  { stages, norm, padding }: InvertedResiduals,
): Graph {
  const images = input(inputShape);
  const usual = { norm, activation: "relu6" } as const;
  const stem = normalized(images, {
    ...usual,
    name: "stem",
    filters: 32,
    kernelSize: 3,
    strides: 2,
    padding,
  });
  const blocks = stages.flatMap(({ repeats, strides, ...stage }) =>
    Array.from({ length: repeats }, (_, index) => ({ ...stage, strides: index === 0 ? strides : 1 })),
  );
  const body = blocks.reduce((x, one, index) => block(x, `block${index + 1}`, one, { norm, padding }), stem);
  const head = normalized(body, { ...usual, name: "head", filters: 1280, kernelSize: 1 });
  const average = globalAveragePool2d({ name: "average" })(head);
  const dropped = dropout({ name: "dropout", rate: 0.2 })(average);
  return graphOf(images, dense({ name: "output", units: classes })(dropped));
}

/**
 * As Sandler et al. 2018 have it: a 1×1 convolution to `expansion` times the channels, none where that is 1, a convolution
 * of each channel by itself, and a 1×1 convolution to `filters` without an activation; and x added where sizes stay.
 */
function block(
  x: Value,
  name: string,
  { expansion, filters, kernelSize, strides }: Omit<Stage, "repeats">,
  { norm, padding }: Omit<InvertedResiduals, "stages">,
): Value {
  const usual = { norm, activation: "relu6" } as const;
  const channels = x.shape[2];
  const wider = { ...usual, name: `${name}_expand`, filters: channels * expansion, kernelSize: 1 };
  const wide = expansion === 1 ? x : normalized(x, wider);
  const each = normalized(wide, { ...usual, name: `${name}_depthwise`, kernelSize, strides, padding });
  const narrow = normalized(each, { norm, name: `${name}_project`, filters, kernelSize: 1 });
  return strides === 1 && channels === filters ? add({ name: `${name}_sum` })([x, narrow]) : narrow;
}
