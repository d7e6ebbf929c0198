import { groupJob } from "../core/engine/jobs/group-jobs.js";
import type { Planner } from "../core/engine/plan/node.js";
import type { Job } from "../core/engine/plan/step-schedule.js";
import type { Workspace } from "../core/engine/plan/workspace.js";
import type { ConvolutionGeometry } from "../core/kernels/convolution.js";
import { gridBytes, sampleStride } from "../core/kernels/grid.js";
import {
  bandsOf,
  borderedInput,
  emitFrame,
  emitTileTransform,
  tileRowBytes,
  tilesOf,
  transformedBytes,
  transformedWeightBytes,
  type WinogradShape,
  winogradShape,
} from "../core/kernels/winograd.js";
import {
  blockProductBytes,
  emitWinogradDataGradient,
  emitWinogradForward,
  emitWinogradWeightGradient,
} from "../core/kernels/winograd-products.js";
import { i32 } from "../core/wasm/index.js";
import { type KernelRow, kernelBatch } from "./kernel-row.js";

type Direction = "forward" | "data-gradient" | "weight-gradient";

/** The three directions of a 3 × 3 convolution by Winograd's tiles, with the work of a direct one. */
export function winogradRows(name: string, geometry: ConvolutionGeometry): KernelRow[] {
  const shape = winogradShape(geometry);
  if (!shape) return [];
  const { input, output } = geometry;
  const flops = 2 * kernelBatch * output.height * output.width * output.channels * 9 * input.channels;
  const bytes = kernelBatch * (gridBytes(input) + gridBytes(output)) + transformedWeightBytes(shape);
  return (["forward", "weight-gradient", "data-gradient"] as const).map((direction) => ({
    name: `winograd-${direction}/${name}`,
    flops,
    bytes,
    plan: (planner, memory) => [directionJob(planner, memory, shape, direction)],
  }));
}

/** Transforms and products of one direction, on groups of samples of about two dozen tiles. */
function directionJob(planner: Planner, memory: Workspace, shape: WinogradShape, direction: Direction): Job {
  const { emitter } = planner;
  const { input, output } = shape.geometry;
  const group = Math.max(1, Math.round(24 / tilesOf(shape)));
  const images = memory.allocate(kernelBatch * sampleStride(input));
  const results = memory.allocate(kernelBatch * sampleStride(output));
  const weights = memory.allocate(transformedWeightBytes(shape));
  const bias = memory.allocate(output.channels * 4);
  const groups = Math.ceil(kernelBatch / group);
  const shares = memory.allocate(
    direction === "weight-gradient" ? groups * transformedWeightBytes(shape) : 0,
  );
  const frame = borderedInput(shape);
  const inputAt = frame ? sampleStride(frame) * group : 0;
  const gradientAt = inputAt + transformedBytes(shape, group, input.channels);
  const productsAt = gradientAt + transformedBytes(shape, group, output.channels);
  planner.schedule.reserveScratch(productsAt + blockProductBytes(emitter, shape, group));
  return groupJob(planner, direction, group, ({ f, sample, group: number, scratch }, samples) => {
    const image = f.let(i32.add(i32.mul(sample, sampleStride(input)), images));
    const result = f.let(i32.add(i32.mul(sample, sampleStride(output)), results));
    const transformed = f.let(i32.add(scratch, inputAt));
    const transformedGradient = f.let(i32.add(scratch, gradientAt));
    const products = i32.add(scratch, productsAt);
    const source = frame ? scratch : image;
    if (direction !== "data-gradient" && frame)
      f.for({ to: samples }, (index) => {
        f.call(emitFrame(emitter, shape), {
          image: i32.add(image, i32.mul(index, sampleStride(input))),
          to: i32.add(scratch, i32.mul(index, sampleStride(frame))),
        });
      });
    for (const { band, firstRow } of samples > 1 ? [{ band: shape, firstRow: 0 }] : bandsOf(shape)) {
      const from = i32.add(source, firstRow * tileRowBytes(shape, frame ?? input));
      const target = i32.add(result, firstRow * tileRowBytes(shape, output));
      if (direction !== "data-gradient")
        f.call(emitTileTransform(emitter, band, samples, false), { image: from, to: transformed });
      if (direction !== "forward")
        f.call(emitTileTransform(emitter, band, samples, true), { image: target, to: transformedGradient });
      if (direction === "forward") {
        const multiply = emitWinogradForward(emitter, band, samples);
        f.call(multiply, { a: transformed, weights, bias, out: target, products });
      } else if (direction === "data-gradient") {
        const back = emitWinogradDataGradient(emitter, band, samples);
        f.call(back, { a: transformedGradient, weights, out: from, products });
      } else {
        const share = i32.add(i32.mul(number, transformedWeightBytes(shape)), shares);
        const multiply = emitWinogradWeightGradient(emitter, band, samples, "accumulate");
        f.call(multiply, { a: transformed, b: transformedGradient, out: share });
      }
    }
  });
}
