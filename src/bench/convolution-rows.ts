import { productJob } from "../core/engine/jobs/product-jobs.js";
import { addWeightGradient } from "../core/engine/jobs/weight-gradient-jobs.js";
import type { Planner } from "../core/engine/plan/node.js";
import type { Workspace } from "../core/engine/plan/workspace.js";
import {
  type ConvolutionGeometry,
  dataGradientProduct,
  forwardProduct,
  prefersSharedPitch,
  weightGradient,
} from "../core/kernels/convolution.js";
import { gridBytes, sampleStride } from "../core/kernels/grid.js";
import { type ProductShape, packedBytes } from "../core/kernels/product.js";
import { type KernelRow, kernelBatch } from "./kernel-row.js";
import { winogradRows } from "./winograd-rows.js";

interface Shape {
  readonly name: string;
  readonly size: number;
  readonly channels: number;
  readonly filters: number;
  readonly padding: 0 | 1;
  readonly kernelSize?: number;
  readonly dilation?: number;
}

/** The Proposed CNN's four convolutions, and some of other kinds. */
const convolutions: readonly Shape[] = [
  { name: "C1", size: 28, channels: 1, filters: 32, padding: 0 },
  { name: "C2", size: 13, channels: 32, filters: 64, padding: 0 },
  { name: "C3", size: 5, channels: 64, filters: 128, padding: 0 },
  { name: "C4", size: 3, channels: 128, filters: 256, padding: 0 },
  { name: "same-32x32x32-64", size: 32, channels: 32, filters: 64, padding: 1 },
  { name: "same-7x7x128-128", size: 7, channels: 128, filters: 128, padding: 1 },
  { name: "1x1-16x16x128-128", size: 16, channels: 128, filters: 128, padding: 0, kernelSize: 1 },
  { name: "1x1-8x8x256-256", size: 8, channels: 256, filters: 256, padding: 0, kernelSize: 1 },
  { name: "dilated-16x16x32-64", size: 16, channels: 32, filters: 64, padding: 0, dilation: 2 },
];

/** The Proposed CNN's largest dense layer and the plain CNN's. */
const denseLayers: readonly Shape[] = [
  { name: "256-256", size: 1, channels: 256, filters: 256, padding: 0, kernelSize: 1 },
  { name: "5408-128", size: 1, channels: 5408, filters: 128, padding: 0, kernelSize: 1 },
];

function geometryOf({
  size,
  channels,
  filters,
  padding,
  kernelSize = 3,
  dilation = 1,
}: Shape): ConvolutionGeometry {
  const out = size - (kernelSize - 1) * dilation + 2 * padding;
  return {
    input: { height: size, width: size, pitch: size, channels },
    output: { height: out, width: out, pitch: out, channels: filters },
    kernelSize: [kernelSize, kernelSize],
    strides: [1, 1],
    padding: [padding, padding],
    dilation: [dilation, dilation],
  };
}

/** Forward, weight gradient and data gradient of a convolution, or of a dense layer. */
function convolutionRows(shape: Shape, kind: "conv" | "dense"): KernelRow[] {
  const geometry = geometryOf(shape);
  const { input, output, kernelSize } = geometry;
  const weights = kernelSize[0] * kernelSize[1] * input.channels * output.channels;
  const flops = 2 * kernelBatch * output.height * output.width * weights;
  const bytes = kernelBatch * (gridBytes(input) + gridBytes(output)) + 4 * weights;
  const product = (name: string, of: ProductShape): KernelRow => ({
    name,
    flops,
    bytes,
    plan: (planner, memory) => [
      productJob(planner, name, of, {
        a: memory.allocate(kernelBatch * of.aSample),
        out: memory.allocate(kernelBatch * of.outSample),
        weights: memory.allocate(packedBytes(of)),
        bias: memory.allocate(Math.ceil(of.channels / 8) * 32),
      }),
    ],
  });
  const rows = [
    product(`${kind}-forward/${shape.name}`, forwardProduct(geometry, "bias", "store")),
    {
      name: `${kind}-weight-gradient/${shape.name}`,
      flops,
      bytes,
      plan: (planner: Planner, memory: Workspace) => {
        const pitch = prefersSharedPitch(geometry) ? input.pitch : output.pitch;
        const of = weightGradient({ ...geometry, output: { ...output, pitch } }, kernelBatch);
        const a = memory.allocate(kernelBatch * sampleStride(input));
        const b = memory.allocate(kernelBatch * sampleStride({ ...output, pitch }));
        addWeightGradient(planner, shape.name, of, a, b, memory.allocate(packedBytes(of)));
        return [];
      },
    },
  ];
  // Images need no gradient: no network asks for C1's.
  if (shape.channels >= 4)
    rows.push(product(`${kind}-data-gradient/${shape.name}`, dataGradientProduct(geometry)));
  return rows;
}

/** C2's output as far as the pool behind it reads. */
function pooledC2(): ConvolutionGeometry {
  const geometry = geometryOf(convolutions[1]);
  return { ...geometry, output: { ...geometry.output, height: 10, width: 10, pitch: 10 } };
}

export const convolutionKernelRows: readonly KernelRow[] = [
  ...convolutions.flatMap((shape) => convolutionRows(shape, "conv")),
  ...winogradRows("C2-10x10", pooledC2()),
  ...winogradRows("C3", geometryOf(convolutions[2])),
  ...convolutions
    .filter(({ padding }) => padding > 0)
    .flatMap((shape) => winogradRows(shape.name, geometryOf(shape))),
  ...denseLayers.flatMap((shape) => convolutionRows(shape, "dense")),
];
