import { type ConvolutionGeometry, weightGradient } from "../../kernels/convolution.js";
import { type Grid, gridBytes } from "../../kernels/grid.js";
import { packedBytes } from "../../kernels/product.js";
import { emitColumnSums, emitPartsSum, type RowWalk } from "../../kernels/sum.js";
import { evenSplit } from "../../kernels/tiling.js";
import {
  emitWeightGradient,
  gatheredBytes,
  type WeightGradientShape,
  writesOnce,
} from "../../kernels/weight-gradient.js";
import { i32 } from "../../wasm/index.js";
import type { GradientTarget, Planner } from "../plan/node.js";
import { type Buffer, sampleAddress } from "../plan/tensor.js";

/** As many tasks as keep a handful of threads level: each reads all of the input that its rows are of. */
const wantedTasks = 8;

/** A job whose tasks each own some rows and blocks of eight channels of the gradient, over all samples. */
export function addWeightGradient(
  planner: Planner,
  name: string,
  shape: WeightGradientShape,
  a: number,
  b: number,
  out: number,
): void {
  const { emitter, batch } = planner;
  planner.schedule.reserveScratch(gatheredBytes(emitter, shape));
  const start = writesOnce(shape) ? "zero" : "accumulate";
  if (start === "accumulate") planner.clears.push({ address: out, bytes: packedBytes(shape) });
  const blocks = Math.ceil(shape.channels / 8);
  const perTask = Math.max(1, Math.floor(blocks / 2 / wantedTasks)) * 2;
  const runs = Math.ceil(blocks / perTask);
  const rows = Math.max(...shape.classes.map((weightClass) => weightClass.rows.length));
  const parts = Math.min(Math.ceil(wantedTasks / runs), Math.max(1, Math.floor(rows / 12)));
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
    const gradient = emitWeightGradient(emitter, cut, start);
    const job = {
      name: `${name} weight gradient${cuts.length > 1 ? ` ${part + 1}` : ""}`,
      tasks: runs,
      run: emitter.module.function(["task", "scratch"], (f, { task, scratch }) => {
        const first = f.let(i32.mul(task, perTask));
        const wanted = f.let(i32.add(first, perTask));
        const end = i32.select(i32.ltU(wanted, blocks), wanted, blocks);
        f.call(gradient, { a, b, out, firstBlock: first, endBlock: end, samples: batch, scratch });
      }),
    };
    planner.later(job, a, b);
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
  let before = 0;
  for (const vectors of new Set(widths)) {
    const tasks = widths.filter((width) => width === vectors).length;
    const sums = emitColumnSums(emitter, vectors, walk, "zero");
    const first = before;
    const run = emitter.module.function(["task", "scratch"], (f, { task }) => {
      const at = f.let(i32.add(i32.mul(task, vectors * 16), first));
      f.call(sums, { from: i32.add(at, from), out: i32.add(at, out) });
    });
    planner.later({ name: `${name} bias gradient`, tasks, run }, from);
    before += tasks * vectors * 16;
  }
}

/** Fixed shares of the batch that a gradient is summed in, zero at first, and the job that adds them up. */
export function addShares(planner: Planner, name: string, target: number, bytes: number): number {
  const { emitter, schedule, workspace } = planner;
  const { address: shares, parts } = schedule.addPartials(bytes, (total) => workspace.allocate(total));
  const add = emitPartsSum(emitter, parts, bytes);
  const run = emitter.module.function(["task", "scratch"], (f) =>
    f.call(add, { from: shares, out: target, end: target + bytes }),
  );
  planner.later({ name: `${name} sum`, tasks: 1, run }, shares);
  return shares;
}

/** The kernel's gradient in fixed shares of the batch, while a sample is at hand. */
export function addPartialGradient(
  planner: Planner,
  name: string,
  geometry: ConvolutionGeometry,
  input: Buffer,
  gradient: Buffer,
  { address, numbers }: GradientTarget,
): void {
  const bytes = numbers * 4;
  const shares = addShares(planner, `${name} weight gradient`, address, bytes);
  // A sample at a time: a walk over samples would be one step long.
  const shape = weightGradient(geometry, 1);
  const kernel = emitWeightGradient(planner.emitter, shape, "accumulate");
  const gathered = planner.workspace.scratch(gatheredBytes(planner.emitter, shape));
  planner.schedule.perSample(`${name} weight gradient`, ({ f, sample, part, scratch }) => {
    const a = sampleAddress(input, sample, scratch);
    const b = sampleAddress(gradient, sample, scratch);
    const out = i32.add(i32.mul(part, bytes), shares);
    const blocks = Math.ceil(geometry.output.channels / 8);
    f.call(kernel, {
      a,
      b,
      out,
      firstBlock: 0,
      endBlock: blocks,
      samples: 1,
      scratch: i32.add(scratch, gathered),
    });
  });
}

/** The bias's gradient in fixed shares of the batch. */
export function addPartialBiasGradient(
  planner: Planner,
  name: string,
  grid: Grid,
  gradient: Buffer,
  { address, numbers }: GradientTarget,
): void {
  const { channels } = grid;
  const bytes = numbers * 4;
  const shares = addShares(planner, `${name} bias gradient`, address, bytes);
  const rows = gridBytes(grid) / (channels * 4);
  const walk = { groups: 1, groupBytes: 0, rows, rowBytes: channels * 4 };
  const sums = evenSplit(channels / 4, 8).map((vectors) => ({
    vectors,
    sum: emitColumnSums(planner.emitter, vectors, walk, "accumulate"),
  }));
  planner.schedule.perSample(`${name} bias gradient`, ({ f, sample, part, scratch }) => {
    const from = f.let(sampleAddress(gradient, sample, scratch));
    let before = 0;
    for (const { vectors, sum } of sums) {
      f.call(sum, { from: i32.add(from, before), out: i32.add(i32.mul(part, bytes), shares + before) });
      before += vectors * 16;
    }
  });
}
