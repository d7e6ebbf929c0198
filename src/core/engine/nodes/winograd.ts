import { gridBytes, sampleStride } from "../../kernels/convolution.js";
import { emitPartsSum } from "../../kernels/sum.js";
import { emitTranspose } from "../../kernels/transpose.js";
import { emitZero } from "../../kernels/weight-gradient.js";
import {
  blockProductBytes,
  borderedInput,
  emitBorder,
  emitTileTransform,
  emitWeightTransform,
  emitWinogradDataGradient,
  emitWinogradForward,
  emitWinogradWeightGradient,
  pointsOf,
  tilesOf,
  transformedBytes,
  transformedWeightBytes,
  type WinogradShape,
} from "../../kernels/winograd.js";
import { type FunctionBuilder, type I32, i32 } from "../../wasm/index.js";
import { groupJob } from "../group-jobs.js";
import { batchBuffer, gradientOf, type Node, type Planner, scratchBuffer } from "../node.js";
import { type Buffer, sampleAddress, type Tensor } from "../tensor.js";
import { addBiasGradient, addPartialBiasGradient } from "../weight-gradient-jobs.js";
import { addReluGradient, type ConvolutionOptions } from "./convolution.js";

/** Tiles that make the products worth their while: four full register tiles. */
const wantedTiles = 24;

/** Offsets of what one group of samples needs in a thread's scratch. */
interface Scratch {
  readonly bordered: number;
  readonly input: number;
  readonly gradient: number;
  readonly products: number;
  readonly bytes: number;
}

/** A 3 × 3 convolution by Winograd's tiles: fewer products in all three directions. */
export class WinogradNode implements Node {
  #weights = 0;

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly shape: WinogradShape,
    readonly options: ConvolutionOptions,
  ) {
    if (options.transient) output.gradientLayout = { grid: output.grid, transient: this.#single };
  }

  /** Whether one sample has tiles enough: then the work is chained with what stands before and behind. */
  get #single(): boolean {
    return tilesOf(this.shape) >= wantedTiles / 2;
  }

  forward(planner: Planner): void {
    const { shape, options, name, input, output } = this;
    const { emitter, schedule, workspace } = planner;
    const weights = planner.parameters + options.kernel.offset * 4;
    const bias = planner.parameters + options.bias.offset * 4;
    this.#weights = workspace.allocate(transformedWeightBytes(shape));
    const transform = emitWeightTransform(emitter, shape, false);
    schedule.prepare({
      name: `${name} weight transform`,
      tasks: shape.geometry.output.channels / 8,
      run: emitter.module.function(2, (f, task) => f.call(transform, weights, this.#weights, task)),
    });
    output.values =
      this.#single && options.transient
        ? scratchBuffer(planner, output.grid)
        : batchBuffer(planner, output.grid);
    const values = output.values;
    this.#onGroups(planner, name, (f, samples, sample, _group, scratch, at) => {
      const transformed = this.#transformInput(
        planner,
        f,
        samples,
        sampleAddress(input.values!, sample, scratch),
        scratch,
        at,
      );
      const multiply = emitWinogradForward(emitter, shape, samples, options.relu);
      const out = sampleAddress(values, sample, scratch);
      f.call(multiply, transformed, this.#weights, bias, out, i32.add(scratch, at.products));
    });
  }

  backward(planner: Planner): void {
    const { shape, options, name, input, output } = this;
    const { emitter, schedule, workspace, batch } = planner;
    const gradient = output.gradient!;
    if (options.relu) addReluGradient(planner, name, output);
    const shareBytes = transformedWeightBytes(shape);
    const shares = this.#single ? schedule.parts : Math.ceil(batch / this.#samples(batch));
    const sums = workspace.allocate(shareBytes * shares);
    const bias = planner.gradients + options.bias.offset * 4;
    const { output: grid } = shape.geometry;
    if (this.#single) {
      schedule.addPartials({ address: sums, partBytes: shareBytes });
      addPartialBiasGradient(planner, name, grid, gradient, { bias, biasNumbers: options.bias.length });
    } else {
      const rowBytes = grid.channels * 4;
      const walk = {
        groups: batch,
        groupBytes: sampleStride(grid),
        rows: gridBytes(grid) / rowBytes,
        rowBytes,
      };
      if (gradient.place === "arena")
        addBiasGradient(planner, name, gradient.address, walk, grid.channels, bias);
    }
    const transposedWeights = input.needsGradient ? this.#transpose(planner) : 0;
    const target = input.needsGradient ? gradientOf(planner, input) : undefined;
    const zero = emitZero(emitter);
    this.#onGroups(planner, `${name} gradients`, (f, samples, sample, group, scratch, at) => {
      const from = sampleAddress(input.values!, sample, scratch);
      const transformed = this.#transformInput(planner, f, samples, from, scratch, at);
      const transformedGradient = f.let(i32.add(scratch, at.gradient));
      const transform = emitTileTransform(emitter, shape, samples, true);
      f.call(transform, sampleAddress(gradient, sample, scratch), transformedGradient);
      const share = f.let(i32.add(i32.mul(group, shareBytes), sums));
      if (!this.#single) f.call(zero, share, i32.add(share, shareBytes));
      f.call(emitWinogradWeightGradient(emitter, shape, samples), transformed, transformedGradient, share);
      if (!target) return;
      const back = emitWinogradDataGradient(emitter, shape, samples);
      const out = f.let(sampleAddress(target, sample, scratch));
      const bordered = borderedInput(shape);
      const products = i32.add(scratch, at.products);
      if (!bordered) f.call(back, transformedGradient, transposedWeights, out, products);
      else {
        const frame = f.let(i32.add(scratch, at.bordered));
        f.call(back, transformedGradient, transposedWeights, frame, products);
        const unframe = emitBorder(emitter, shape, true);
        f.for({ to: samples }, (index) => {
          const one = i32.add(frame, i32.mul(index, sampleStride(bordered)));
          f.call(unframe, one, i32.add(out, i32.mul(index, target.sampleBytes)));
        });
      }
    });
    this.#sumShares(planner, sums, shares, shareBytes);
  }

  /** Adds the shares up in their order and transforms the sum back, a task a block of output channels. */
  #sumShares(planner: Planner, sums: number, shares: number, shareBytes: number): void {
    const { shape, options, name } = this;
    const { emitter } = planner;
    const blocks = shape.geometry.output.channels / 8;
    const blockBytes = shareBytes / blocks;
    const add = emitPartsSum(emitter, shares, shareBytes);
    const back = emitWeightTransform(emitter, shape, true);
    const kernel = planner.gradients + options.kernel.offset * 4;
    planner.weightGradients.push({
      name: `${name} weight gradient sum`,
      tasks: blocks,
      run: emitter.module.function(2, (f, task) => {
        const from = f.let(i32.add(i32.mul(task, blockBytes), sums));
        f.call(add, from, from, i32.add(from, blockBytes));
        f.call(back, sums, kernel, task);
      }),
    });
  }

  #transpose(planner: Planner): number {
    const { shape, name } = this;
    const { input, output } = shape.geometry;
    const to = planner.workspace.allocate(transformedWeightBytes(shape));
    const transpose = emitTranspose(planner.emitter, {
      kernelSize: [pointsOf(shape), 1],
      strides: [1, 1],
      inChannels: input.channels,
      outChannels: output.channels,
    });
    planner.schedule.besideFirst({
      name: `${name} transpose`,
      tasks: input.channels / 8,
      run: planner.emitter.module.function(2, (f, task) => {
        f.call(transpose, this.#weights, to, task, i32.add(task, 1));
      }),
    });
    return to;
  }

  /** Samples of a group. */
  #samples(batch: number): number {
    return Math.min(batch, Math.max(1, Math.round(wantedTiles / tilesOf(this.shape))));
  }

  /** In the open chain, a sample at a time, or as a stage of groups of samples. */
  #onGroups(
    planner: Planner,
    name: string,
    write: (f: FunctionBuilder, samples: number, sample: I32, group: I32, scratch: I32, at: Scratch) => void,
  ): void {
    const { schedule, batch } = planner;
    if (this.#single) {
      const { bytes, ...relative } = this.#scratch(1);
      const start = schedule.scratch(bytes);
      const at = {
        bordered: start + relative.bordered,
        input: start + relative.input,
        gradient: start + relative.gradient,
        products: start + relative.products,
        bytes,
      };
      schedule.perSample(name, ({ f, sample, part, scratch }) => write(f, 1, sample, part, scratch, at));
      return;
    }
    const samples = this.#samples(batch);
    const at = this.#scratch(samples);
    schedule.reserveScratch(at.bytes);
    schedule.stage([
      groupJob(planner, name, samples, ({ f, sample, group, scratch }, size) => {
        write(f, size, sample, group, scratch, at);
      }),
    ]);
  }

  #scratch(samples: number): Scratch {
    const { shape } = this;
    const { input, output } = shape.geometry;
    const grid = borderedInput(shape);
    const bordered = 0;
    const inputAt = grid ? sampleStride(grid) * samples : 0;
    const gradient = inputAt + transformedBytes(shape, samples, input.channels);
    const products = gradient + transformedBytes(shape, samples, output.channels);
    return {
      bordered,
      input: inputAt,
      gradient,
      products,
      bytes: products + blockProductBytes(shape, samples),
    };
  }

  /** Emits the input's transform for a group; gives where it lies. */
  #transformInput(
    planner: Planner,
    f: FunctionBuilder,
    samples: number,
    image: I32,
    scratch: I32,
    at: Scratch,
  ): I32 {
    const { shape, input } = this;
    const transform = emitTileTransform(planner.emitter, shape, samples, false);
    const to = f.let(i32.add(scratch, at.input));
    const grid = borderedInput(shape);
    if (!grid) {
      f.call(transform, image, to);
      return to;
    }
    const frame = emitBorder(planner.emitter, shape, false);
    const from = f.let(image);
    const bordered = f.let(i32.add(scratch, at.bordered));
    f.for({ to: samples }, (index) => {
      const one = i32.add(from, i32.mul(index, (input.values as Buffer).sampleBytes));
      f.call(frame, one, i32.add(bordered, i32.mul(index, sampleStride(grid))));
    });
    f.call(transform, bordered, to);
    return to;
  }
}
