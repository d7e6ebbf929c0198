import {
  emitProduct,
  mostBlocksAtOnce,
  type ProductShape,
  productScratch,
  samplesAtOnce,
} from "../../kernels/product.js";
import { evenSplit } from "../../kernels/tiling.js";
import { i32 } from "../../wasm/index.js";
import type { Planner } from "../plan/node.js";
import type { Job } from "../plan/step-schedule.js";
import { type Buffer, sampleAddress } from "../plan/tensor.js";

/** A product on one sample, in the open chain. */
export function chainedProduct(
  planner: Planner,
  name: string,
  shape: ProductShape,
  input: Buffer,
  output: Buffer,
  weights: number,
  bias: number,
): void {
  const { emitter, workspace } = planner;
  const product = emitProduct(emitter, shape, 1);
  const aside = workspace.scratch(productScratch(shape, emitter.tiling));
  const blocks = Math.ceil(shape.channels / 8);
  planner.schedule.perSample(name, ({ f, sample, scratch }) => {
    const a = sampleAddress(input, sample, scratch);
    f.call(product, {
      a,
      weights,
      out: sampleAddress(output, sample, scratch),
      bias,
      firstBlock: 0,
      endBlock: blocks,
      groups: 1,
      scratch: i32.add(scratch, aside),
    });
  });
}

/** Input of one task, in bytes, that stays in the second cache while the blocks of weights pass. */
const taskInputBytes = 256 * 1024;

/** Multiply-adds of one task: some tens of microseconds. */
export const taskWork = 600_000;

/** A product over the whole batch: tasks are runs of samples times runs of weight blocks. */
export function productJob(
  planner: Planner,
  name: string,
  shape: ProductShape,
  at: { readonly a: number; readonly out: number; readonly weights: number; readonly bias: number },
): Job {
  const { emitter, batch } = planner;
  planner.schedule.reserveScratch(productScratch(shape, emitter.tiling));
  const atOnce = samplesAtOnce(shape, batch, emitter.tiling);
  const sizes = evenSplit(batch, atOnce);
  const blocks = Math.ceil(shape.channels / 8);
  const sampleWork = shape.classes.reduce(
    (sum, { pixels, segments }) =>
      sum + pixels.length * segments.reduce((steps, segment) => steps + segment.steps, 0),
    0,
  );
  const runs: { first: number; groups: number; size: number }[] = [];
  const longest = Math.max(1, Math.floor(taskInputBytes / (shape.aSample * atOnce)));
  let first = 0;
  for (const size of new Set(sizes)) {
    const count = sizes.filter((other) => other === size).length;
    for (const groups of evenSplit(count, longest)) {
      runs.push({ first, groups, size });
      first += groups * size;
    }
  }
  const runSamples = runs[0].groups * runs[0].size;
  const wantedBlocks = taskWork / (Math.max(1, sampleWork) * runSamples * 8);
  // Whole tiles: one that takes two blocks at once must not be given one.
  const unit = mostBlocksAtOnce(shape, runs[0].size, emitter.tiling);
  const blocksATask = unit * Math.max(1, Math.round(wantedBlocks / unit));
  const blockTasks = Math.ceil(blocks / blocksATask);
  const table = emitter.constants(runs.flatMap((run) => [run.first, run.groups]));
  const products = [...new Set(sizes)].map((size) => ({ size, product: emitProduct(emitter, shape, size) }));
  const firstOf = (size: number): number => runs.findIndex((run) => run.size === size);
  return {
    name,
    tasks: runs.length * blockTasks,
    run: emitter.module.function(["task", "scratch"], (f, { task, scratch }) => {
      const run = f.let(i32.divU(task, blockTasks));
      const entry = f.let(i32.add(i32.mul(run, 8), table));
      const sample = f.let(i32.load(entry));
      const groups = f.let(i32.load(entry, 4));
      const firstBlock = f.let(i32.mul(i32.remU(task, blockTasks), blocksATask));
      const wanted = f.let(i32.add(firstBlock, blocksATask));
      const endBlock = f.let(i32.select(i32.ltU(wanted, blocks), wanted, blocks));
      const a = f.let(i32.add(i32.mul(sample, shape.aSample), at.a));
      const out = f.let(i32.add(i32.mul(sample, shape.outSample), at.out));
      const call = (index: number): void =>
        f.call(products[index].product, {
          a,
          weights: at.weights,
          out,
          bias: at.bias,
          firstBlock,
          endBlock,
          groups,
          scratch,
        });
      if (products.length === 1) call(0);
      else
        f.if(
          i32.ltU(run, firstOf(products[1].size)),
          () => call(0),
          () => call(1),
        );
    }),
  };
}
