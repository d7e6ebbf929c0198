import type { Emitter } from "../../kernels/emitter.js";
import { emitZero } from "../../kernels/fill.js";
import { gridBytes, sampleStride } from "../../kernels/grid.js";
import { emitPartsSum } from "../../kernels/sum.js";
import {
  bandsOf,
  borderedInput,
  emitFrame,
  emitTileTransform,
  emitUnframe,
  emitWeightTransform,
  pointsOf,
  tileRowBytes,
  tilesOf,
  transformedBytes,
  transformedWeightBytes,
  type WinogradShape,
} from "../../kernels/winograd.js";
import {
  blockProductBytes,
  emitWinogradDataGradient,
  emitWinogradForward,
  emitWinogradWeightGradient,
} from "../../kernels/winograd-products.js";
import { type FunctionBuilder, type I32, i32 } from "../../wasm/index.js";
import { type GroupContext, groupJob } from "../jobs/group-jobs.js";
import { addTranspose } from "../jobs/transpose-jobs.js";
import { addBiasGradient, addPartialBiasGradient } from "../jobs/weight-gradient-jobs.js";
import {
  batchBuffer,
  gradientShare,
  gradientTarget,
  type Node,
  type Planner,
  scratchBuffer,
} from "../plan/node.js";
import { arenaAddress, type Buffer, sampleAddress, type Tensor } from "../plan/tensor.js";
import { addRectifierGradient, type ConvolutionOptions, foldedWeights } from "./convolution.js";

/** Tiles that make the products worth their while: four full register tiles. */
const wantedTiles = 24;

/** A group's weights are read, and its gradient written, for twice as many tiles where that takes no more samples. */
const modestSamples = 12;

/** A gradient of more bytes begins a chain of its own, whose shares are as many as its size allows. */
const largeShareBytes = 8 * 1024 * 1024;

/** All shares of a gradient that groups of samples sum take no more, unless that makes them fewer than four. */
const mostShareBytes = 256 * 1024 * 1024;

/** Offsets of what one group of samples needs in a thread's scratch. */
interface Scratch {
  readonly frame: number;
  readonly gradientFrame: number;
  readonly input: number;
  readonly gradient: number;
  readonly products: number;
  readonly bytes: number;
}

/** What work on a group of samples is emitted with. */
interface WinogradContext extends GroupContext {
  readonly samples: number;
  readonly at: Scratch;
}

/** A 3 × 3 or 5 × 5 convolution by Winograd's tiles: fewer products in all three directions. */
export class WinogradNode implements Node {
  #weights = 0;
  /** Groups of several samples have few tiles each, and one band. */
  readonly #bands: ReturnType<typeof bandsOf>;

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly shape: WinogradShape,
    readonly options: ConvolutionOptions,
  ) {
    this.#bands = this.#single ? bandsOf(shape) : [{ band: shape, firstRow: 0 }];
    const transient = this.#single && !this.#large;
    if (options.transient) output.gradientLayout = { grid: output.grid, transient };
  }

  /** Whether one sample has tiles enough: then the work is chained with what stands before and behind. */
  get #single(): boolean {
    return tilesOf(this.shape) >= wantedTiles / 2;
  }

  get readsBack() {
    if (this.options.kernel.kept) return "never";
    return this.#single && !this.#large ? "in chain" : undefined;
  }

  /** Whether the weights' gradient begins a chain. */
  get #large(): boolean {
    return transformedWeightBytes(this.shape) > largeShareBytes;
  }

  forward(planner: Planner): void {
    const { shape, options, name, input, output } = this;
    const { emitter, schedule, workspace } = planner;
    const { kernel: weights, bias } = foldedWeights(planner, name, options);
    this.#weights = workspace.allocate(transformedWeightBytes(shape), "prepared");
    const transform = emitWeightTransform(emitter, shape, false);
    schedule.prepare(
      {
        name: `${name} weight transform`,
        tasks: shape.geometry.output.channels / 8,
        run: emitter.module.function(["task", "scratch"], (f, { task }) =>
          f.call(transform, { from: weights, to: this.#weights, block: task }),
        ),
      },
      2,
    );
    output.values =
      this.#single && options.transient
        ? scratchBuffer(planner, output.grid)
        : batchBuffer(planner, output.grid);
    const [images, values] = [input.values!, output.values];
    this.#onGroups(planner, name, ({ f, samples, sample, scratch, at }) => {
      const image = this.#framed(planner, f, samples, sampleAddress(images, sample, scratch), scratch, at);
      const out = f.let(sampleAddress(values, sample, scratch));
      const products = i32.add(scratch, at.products);
      for (const { band, firstRow } of this.#bands) {
        const transformed = f.let(i32.add(scratch, at.input));
        f.call(emitTileTransform(emitter, band, samples, false), {
          image: this.#from(image, firstRow),
          to: transformed,
        });
        const target = i32.add(out, firstRow * tileRowBytes(shape, output.grid));
        const multiply = emitWinogradForward(emitter, band, samples, options.rectifier);
        f.call(multiply, { a: transformed, weights: this.#weights, bias, out: target, products });
      }
    });
  }

  backward(planner: Planner): void {
    const { shape, options, name, input, output } = this;
    const { emitter } = planner;
    const { gradient } = output;
    const trained = !options.kernel.kept;
    if (!gradient) return;
    if (options.rectifier) addRectifierGradient(planner, name, output, options.rectifier);
    if (!trained && !input.needsGradient) {
      this.#biasGradient(planner, gradient);
      return;
    }
    const shareBytes = transformedWeightBytes(shape);
    const { address: sums, parts } = trained ? this.#shares(planner, shareBytes) : { address: 0, parts: 0 };
    const { output: grid } = shape.geometry;
    this.#biasGradient(planner, gradient);
    const transposedWeights = input.needsGradient ? this.#transpose(planner) : 0;
    const { to: target, adds } = input.needsGradient
      ? gradientShare(planner, input)
      : { to: undefined, adds: false };
    const images = trained ? input.values : undefined;
    // A share of a group's own is written whole.
    const start = this.#single ? "accumulate" : "zero";
    this.#onGroups(planner, `${name} gradients`, ({ f, samples, sample, group, scratch, at }) => {
      const image =
        images && this.#framed(planner, f, samples, sampleAddress(images, sample, scratch), scratch, at);
      const from = f.let(sampleAddress(gradient, sample, scratch));
      const share = f.let(i32.add(i32.mul(group, shareBytes), sums));
      const out = target && f.let(sampleAddress(target, sample, scratch));
      const frame = out && this.#gradientFrame(planner, f, samples, out, scratch, at, adds);
      for (const { band, firstRow } of this.#bands) {
        const transformed = f.let(i32.add(scratch, at.input));
        const transformedGradient = f.let(i32.add(scratch, at.gradient));
        const rows = i32.add(from, firstRow * tileRowBytes(shape, grid));
        if (image)
          f.call(emitTileTransform(emitter, band, samples, false), {
            image: this.#from(image, firstRow),
            to: transformed,
          });
        f.call(emitTileTransform(emitter, band, samples, true), { image: rows, to: transformedGradient });
        if (image)
          f.call(emitWinogradWeightGradient(emitter, band, samples, start), {
            a: transformed,
            b: transformedGradient,
            out: share,
          });
        if (!frame) continue;
        const back = emitWinogradDataGradient(emitter, band, samples);
        const products = i32.add(scratch, at.products);
        f.call(back, {
          a: transformedGradient,
          weights: transposedWeights,
          out: this.#from(frame, firstRow),
          products,
        });
      }
      const bordered = borderedInput(shape);
      if (!out || !frame || !bordered) return;
      const unframe = emitUnframe(emitter, shape, adds);
      f.for({ to: samples }, (index) => {
        const one = i32.add(frame, i32.mul(index, sampleStride(bordered)));
        f.call(unframe, { frame: one, image: i32.add(out, i32.mul(index, target.sampleBytes)) });
      });
    });
    if (trained) this.#sumShares(planner, sums, parts, shareBytes);
  }

  /** Where the weights' gradient is summed in shares of the batch, and how many they are. */
  #shares({ schedule, workspace, batch }: Planner, bytes: number): { address: number; parts: number } {
    if (this.#single) {
      if (this.#large) schedule.endChain();
      return schedule.addPartials(bytes, (total) => workspace.allocate(total));
    }
    const parts = Math.ceil(batch / this.#samples(batch));
    return { address: workspace.allocate(bytes * parts), parts };
  }

  #biasGradient(planner: Planner, gradient: Buffer): void {
    const { options, name } = this;
    const { output: grid } = this.shape.geometry;
    if (!options.bias || options.bias.kept) return;
    const bias = gradientTarget(planner, options.bias);
    if (this.#single) {
      addPartialBiasGradient(planner, name, grid, gradient, bias);
      return;
    }
    const rowBytes = grid.channels * 4;
    const rows = gridBytes(grid) / rowBytes;
    const walk = { groups: planner.batch, groupBytes: sampleStride(grid), rows, rowBytes };
    addBiasGradient(
      planner,
      name,
      arenaAddress(gradient, `${name}'s gradient`),
      walk,
      grid.channels,
      bias.address,
    );
  }

  /** Where an input's or a frame's band begins. */
  #from(image: I32, firstRow: number): I32 {
    const grid = borderedInput(this.shape) ?? this.shape.geometry.input;
    return i32.add(image, firstRow * tileRowBytes(this.shape, grid));
  }

  /** Where the input's gradient is summed: in place, onto what it `adds` to, or in a second frame, zeroed. */
  #gradientFrame(
    planner: Planner,
    f: FunctionBuilder,
    samples: number,
    out: I32,
    scratch: I32,
    at: Scratch,
    adds: boolean,
  ): I32 {
    const bordered = borderedInput(this.shape);
    if (!bordered && adds) return out;
    const grid = bordered ?? this.shape.geometry.input;
    const frame = bordered ? f.let(i32.add(scratch, at.gradientFrame)) : out;
    const zero = emitZero(planner.emitter);
    f.for({ to: samples }, (index) => {
      const start = f.let(i32.add(frame, i32.mul(index, sampleStride(grid))));
      f.call(zero, { address: start, end: i32.add(start, gridBytes(grid)) });
    });
    return frame;
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
    const run = emitter.module.function(["task", "scratch"], (f, { task }) => {
      const from = f.let(i32.add(i32.mul(task, blockBytes), sums));
      f.call(add, { from, out: from, end: i32.add(from, blockBytes) });
      f.call(back, { from: sums, to: kernel, block: task });
    });
    planner.later({ name: `${name} weight gradient sum`, tasks: blocks, run }, sums);
  }

  #transpose(planner: Planner): number {
    const { shape, name } = this;
    const { input, output } = shape.geometry;
    const to = planner.workspace.allocate(transformedWeightBytes(shape), "from the start");
    const kernelSize = [pointsOf(shape), 1] as const;
    const { channels: inChannels } = input;
    const { channels: outChannels } = output;
    const strides = [1, 1] as const;
    addTranspose(planner, name, { kernelSize, strides, inChannels, outChannels }, this.#weights, to);
    return to;
  }

  /** Samples of a group: tiles enough, and groups few enough to remember a gradient each. */
  #samples(batch: number): number {
    const groups = Math.max(4, Math.floor(mostShareBytes / transformedWeightBytes(this.shape)));
    const tiles = tilesOf(this.shape);
    const enough = Math.round(wantedTiles / tiles);
    const more = Math.min(modestSamples, Math.round((2 * wantedTiles) / tiles));
    return Math.min(batch, Math.max(1, enough, more, Math.ceil(batch / groups)));
  }

  /** In the open chain, a sample at a time, or as a stage of groups of samples. */
  #onGroups(planner: Planner, name: string, write: (context: WinogradContext) => void): void {
    const { schedule, workspace, batch } = planner;
    if (this.#single) {
      const sizes = this.#scratch(planner.emitter, 1);
      const start = workspace.scratch(sizes.bytes);
      const at = Object.fromEntries(Object.entries(sizes).map(([part, offset]) => [part, offset + start]));
      schedule.perSample(name, ({ f, sample, part, scratch }) => {
        write({ f, samples: 1, sample, group: part, scratch, at: at as unknown as Scratch });
      });
      return;
    }
    const samples = this.#samples(batch);
    const at = this.#scratch(planner.emitter, samples);
    schedule.reserveScratch(at.bytes);
    schedule.stage([
      groupJob(planner, name, samples, (context, size) => write({ ...context, samples: size, at })),
    ]);
  }

  #scratch(emitter: Emitter, samples: number): Scratch {
    const { input, output } = this.shape.geometry;
    const grid = borderedInput(this.shape);
    const frame = grid ? sampleStride(grid) * samples : 0;
    const largest = this.#bands[0].band;
    const gradient = 2 * frame + transformedBytes(largest, samples, input.channels);
    const products = gradient + transformedBytes(largest, samples, output.channels);
    const bytes = products + blockProductBytes(emitter, largest, samples);
    return { frame: 0, gradientFrame: frame, input: 2 * frame, gradient, products, bytes };
  }

  /** The group's images with the zeros their tiles reach into. */
  #framed(planner: Planner, f: FunctionBuilder, samples: number, image: I32, scratch: I32, at: Scratch): I32 {
    const { shape, input } = this;
    const grid = borderedInput(shape);
    const from = f.let(image);
    if (!grid) return from;
    const emitted = emitFrame(planner.emitter, shape);
    const frame = f.let(i32.add(scratch, at.frame));
    f.for({ to: samples }, (index) => {
      const one = i32.add(from, i32.mul(index, (input.values as Buffer).sampleBytes));
      f.call(emitted, { image: one, to: i32.add(frame, i32.mul(index, sampleStride(grid))) });
    });
    return frame;
  }
}
