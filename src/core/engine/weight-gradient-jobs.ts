import { type ConvolutionGeometry, gridBytes, weightGradient } from "../kernels/convolution.js";
import { emitColumnSums, emitPartsSum, type RowWalk } from "../kernels/sum.js";
import { evenSplit } from "../kernels/tiling.js";
import { emitWeightGradient, type WeightGradientShape } from "../kernels/weight-gradient.js";
import { i32 } from "../wasm/index.js";
import type { Planner } from "./node.js";
import { type Buffer, sampleAddress } from "./tensor.js";

/** As many tasks as keep a handful of threads level. */
const wantedTasks = 12;

/** A job whose tasks each own some rows and two blocks of eight channels of the gradient, over all samples. */
export function addWeightGradient(
  planner: Planner,
  name: string,
  shape: WeightGradientShape,
  a: number,
  b: number,
  out: number,
): void {
  const { emitter, batch } = planner;
  const blocks = Math.ceil(shape.channels / 8);
  const pairs = Math.ceil(blocks / 2);
  const rows = Math.max(...shape.classes.map((weightClass) => weightClass.rows.length));
  const parts = Math.min(Math.ceil(wantedTasks / pairs), Math.max(1, Math.floor(rows / 12)));
  // Rows of every class, cut evenly at multiples of six so that tiles stay full.
  const cuts = Array.from({ length: parts }, (_, part) => ({
    ...shape,
    classes: shape.classes
      .map((weightClass) => {
        const sizes = evenSplit(
          Math.ceil(weightClass.rows.length / 6),
          Math.ceil(weightClass.rows.length / 6 / parts),
        );
        const first = sizes.slice(0, part).reduce((sum, size) => sum + size * 6, 0);
        return { ...weightClass, rows: weightClass.rows.slice(first, first + (sizes[part] ?? 0) * 6) };
      })
      .filter((weightClass) => weightClass.rows.length > 0),
  })).filter((cut) => cut.classes.length > 0);
  cuts.forEach((cut, part) => {
    const gradient = emitWeightGradient(emitter, cut);
    planner.weightGradients.push({
      name: `${name} weight gradient${cuts.length > 1 ? ` ${part + 1}` : ""}`,
      tasks: pairs,
      run: emitter.module.function(2, (f, task) => {
        const first = f.let(i32.mul(task, 2));
        const wanted = f.let(i32.add(first, 2));
        const end = i32.select(i32.ltU(wanted, blocks), wanted, blocks);
        f.call(gradient, a, b, out, first, end, batch);
      }),
    });
  });
}

/** Σ over rows of an output gradient, four vectors of channels (one cache line) a task. */
export function addBiasGradient(
  planner: Planner,
  name: string,
  from: number,
  walk: RowWalk,
  channels: number,
  out: number,
): void {
  const { emitter } = planner;
  const widths = evenSplit(channels / 4, 4);
  widths.forEach((vectors, index) => {
    const before = widths.slice(0, index).reduce((sum, width) => sum + width, 0) * 16;
    const sums = emitColumnSums(emitter, vectors, walk);
    planner.weightGradients.push({
      name: `${name} bias gradient`,
      tasks: 1,
      run: emitter.module.function(2, (f) => f.call(sums, from + before, out + before)),
    });
  });
}

/** Both gradients in fixed shares of the batch, while a sample is at hand, then the shares' sum. */
export function addPartialGradient(
  planner: Planner,
  name: string,
  geometry: ConvolutionGeometry,
  input: Buffer,
  gradient: Buffer,
  targets: { kernel: number; bias: number; kernelNumbers: number; biasNumbers: number },
): void {
  const { emitter, schedule, workspace } = planner;
  const { channels } = geometry.output;
  // A sample at a time: a walk over samples would be one step long.
  const single = { ...weightGradient(geometry, 1) };
  const kernelBytes = targets.kernelNumbers * 4;
  const biasBytes = targets.biasNumbers * 4;
  const kernelParts = workspace.allocate(kernelBytes * schedule.parts);
  const biasParts = workspace.allocate(biasBytes * schedule.parts);
  schedule.addPartials({ address: kernelParts, partBytes: kernelBytes });
  schedule.addPartials({ address: biasParts, partBytes: biasBytes });
  const kernel = emitWeightGradient(emitter, single);
  const rows = gridBytes(geometry.output) / (channels * 4);
  const biases = evenSplit(channels / 4, 8).map((vectors) => ({
    vectors,
    sums: emitColumnSums(emitter, vectors, { groups: 1, groupBytes: 0, rows, rowBytes: channels * 4 }),
  }));
  schedule.perSample(`${name} weight gradient`, ({ f, sample, part, scratch }) => {
    const a = f.let(sampleAddress(input, sample, scratch));
    const b = f.let(sampleAddress(gradient, sample, scratch));
    const out = i32.add(i32.mul(part, kernelBytes), kernelParts);
    f.call(kernel, a, b, out, 0, Math.ceil(channels / 8), 1);
    let before = 0;
    for (const { vectors, sums } of biases) {
      const target = i32.add(i32.mul(part, biasBytes), biasParts + before);
      f.call(sums, i32.add(b, before), target);
      before += vectors * 16;
    }
  });
  const sum = (what: string, from: number, to: number, bytes: number): void => {
    const add = emitPartsSum(emitter, schedule.parts, bytes);
    planner.weightGradients.push({
      name: `${name} ${what} gradient sum`,
      tasks: 1,
      run: emitter.module.function(2, (f) => f.call(add, from, to, to + bytes)),
    });
  };
  sum("weight", kernelParts, targets.kernel, kernelBytes);
  sum("bias", biasParts, targets.bias, biasBytes);
}
