import type { ConvolutionGeometry } from "../core/kernels/convolution.js";
import {
  depthwiseDataGradient,
  depthwiseForward,
  emitDepthwise,
  emitDepthwiseWeightGradient,
} from "../core/kernels/depthwise.js";
import { gridBytes } from "../core/kernels/grid.js";
import { type I32, i32 } from "../core/wasm/index.js";
import { type KernelRow, kernelBatch } from "./kernel-row.js";

/** As in networks for phones: sizes that halve while channels double, and one step of two. */
const shapes = [
  { name: "28x28x32", size: 28, channels: 32, kernelSize: 3, stride: 1 },
  { name: "14x14x64-by-2", size: 14, channels: 64, kernelSize: 3, stride: 2 },
  { name: "7x7x128", size: 7, channels: 128, kernelSize: 3, stride: 1 },
  { name: "14x14x64-5x5", size: 14, channels: 64, kernelSize: 5, stride: 1 },
] as const;

type Shape = (typeof shapes)[number];

function geometryOf({ size, channels, kernelSize, stride }: Shape): ConvolutionGeometry {
  const out = Math.ceil(size / stride);
  const before = Math.floor(Math.max((out - 1) * stride + kernelSize - size, 0) / 2);
  return {
    input: { height: size, width: size, pitch: size, channels },
    output: { height: out, width: out, pitch: out, channels },
    kernelSize: [kernelSize, kernelSize],
    strides: [stride, stride],
    padding: [before, before],
  };
}

function rowsOf(shape: Shape): KernelRow[] {
  const geometry = geometryOf(shape);
  const { input, output, kernelSize } = geometry;
  const taps = kernelSize[0] * kernelSize[1];
  const [inputBytes, outputBytes, kernelBytes] = [
    gridBytes(input),
    gridBytes(output),
    taps * input.channels * 4,
  ];
  const row = (direction: "forward" | "weight-gradient" | "data-gradient"): KernelRow => ({
    name: `depthwise-${direction}/${shape.name}`,
    flops: 2 * kernelBatch * output.height * output.width * output.channels * taps,
    bytes: kernelBatch * (inputBytes + outputBytes) + kernelBytes,
    plan: ({ emitter }, memory) => {
      const placed = (bytes: number) => {
        const base = memory.allocate(bytes * kernelBatch);
        return (sample: I32) => i32.add(i32.mul(sample, bytes), base);
      };
      const [image, result, own] = [inputBytes, outputBytes, kernelBytes].map(placed);
      const bias = memory.allocate(output.channels * 4);
      const run = emitter.module.function(["task", "scratch"], (f, { task }) => {
        const [from, out, kernel] = [image, result, own].map((at) => at(task));
        if (direction === "forward")
          f.call(emitDepthwise(emitter, depthwiseForward(geometry), "bias"), { from, kernel, bias, out });
        else if (direction === "weight-gradient")
          f.call(emitDepthwiseWeightGradient(emitter, depthwiseForward(geometry)), {
            from,
            gradient: out,
            out: kernel,
          });
        else
          f.call(emitDepthwise(emitter, depthwiseDataGradient(geometry), "zero"), {
            from: out,
            kernel,
            bias,
            out: from,
          });
      });
      return [{ name: shape.name, tasks: kernelBatch, run }];
    },
  });
  return [row("forward"), row("weight-gradient"), row("data-gradient")];
}

export const depthwiseRows: readonly KernelRow[] = shapes.flatMap(rowsOf);
