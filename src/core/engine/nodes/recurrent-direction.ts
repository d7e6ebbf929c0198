import { oddLines } from "../../kernels/grid.js";
import { emitProduct, type ProductShape, packedBytes, productScratch } from "../../kernels/product.js";
import type { Place } from "../../kernels/tiling.js";
import { type FunctionBuilder, type I32, i32 } from "../../wasm/index.js";
import { groupJob } from "../jobs/group-jobs.js";
import { productJob } from "../jobs/product-jobs.js";
import { addTranspose } from "../jobs/transpose-jobs.js";
import { addBiasGradient, addWeightGradient } from "../jobs/weight-gradient-jobs.js";
import type { Planner } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import type { Job } from "../plan/step-schedule.js";
import {
  type DirectionRooms,
  type RecurrentCell,
  rowAt,
  type StepContext,
  type StepRoom,
} from "./recurrent-cell.js";

/** Weights of both products up to so many bytes stay in the second cache while a task goes through its steps. */
const stepwiseWeightBytes = 512 * 1024;

export interface DirectionOptions {
  readonly name: string;
  readonly steps: number;
  /** Numbers a step of the input, as they lie in memory. */
  readonly features: number;
  /** Bytes of the input from one sample to the next. */
  readonly inputSample: number;
  /** Padded units. */
  readonly units: number;
  /** Reads the sequence from its end. */
  readonly reverse: boolean;
  readonly kernel: PackedParameter;
  readonly recurrentKernel: PackedParameter;
  readonly bias: PackedParameter;
  /** This direction's own: it keeps what its steps leave. */
  readonly cell: RecurrentCell;
}

/**
 * A recurrent layer along one direction. Everything it keeps is time-major, [T][N][…]: a step's rows of all samples lie
 * together, as the weight gradient walks them. A task takes one tile of samples through all steps: samples don't wait
 * for each other, and the weights stay in the second cache.
 */
export class RecurrentDirection {
  #rooms: DirectionRooms | undefined;
  #hiddenGradient: StepRoom | undefined;

  constructor(readonly options: DirectionOptions) {}

  get trained(): boolean {
    const { kernel, recurrentKernel, bias, cell } = this.options;
    return [kernel, recurrentKernel, bias, cell.recurrentBias].some((tensor) => tensor && !tensor.kept);
  }

  get hidden(): StepRoom {
    return this.#rooms!.hidden;
  }

  /** Gradient of every step's output; the last step's alone where the others are not read. */
  get hiddenGradient(): StepRoom {
    return this.#hiddenGradient!;
  }

  openGradient({ workspace, batch }: Planner): void {
    const bytes = this.stateBytes;
    const address = workspace.allocate(this.options.steps * batch * bytes);
    this.#hiddenGradient = { address, bytes, everyStep: true };
  }

  /**
   * Makes room for what steps leave: in training of every step; else of the last one, but for the states of all where
   * they are the layer's `sequences`.
   */
  open(planner: Planner, sequences: boolean): void {
    const { cell, steps } = this.options;
    const { batch, workspace, training } = planner;
    const makeRoom = (bytes: number, everyStep = training): StepRoom => ({
      address: workspace.allocate((everyStep ? steps : 1) * batch * bytes),
      bytes,
      everyStep,
    });
    const gates = makeRoom(this.#gateBytes, training || !this.takesInputStepwise);
    cell.open(() => makeRoom(this.stateBytes));
    const hidden = makeRoom(this.stateBytes, training || sequences);
    this.#rooms = { gates, hidden, recurrent: cell.recurrentBias ? makeRoom(this.#gateBytes) : gates };
  }

  /** Whether the weights of both products stay in the second cache: then each step makes its own W·x + b. */
  get takesInputStepwise(): boolean {
    const { kernel, recurrentKernel } = this.options;
    return (kernel.length + recurrentKernel.length) * 4 <= stepwiseWeightBytes;
  }

  /** W·x + b for every step at once. */
  inputJob(planner: Planner, input: number): Job {
    const { name, steps, features } = this.options;
    const { gates } = this.#rooms!;
    const pixels = Array.from({ length: steps }, (_, time) => ({
      a: time * features * 4,
      out: time * planner.batch * gates.bytes,
    }));
    return productJob(planner, `${name} input`, this.#inputProduct(pixels), {
      a: input,
      out: gates.address,
      ...this.#inputWeights(planner),
    });
  }

  /** All steps, a task a tile of samples. */
  forwardJob(planner: Planner, input: number): Job {
    const { name, units, features, inputSample, recurrentKernel, cell } = this.options;
    const { gates, hidden, recurrent } = this.#rooms!;
    const at = ({ offset }: PackedParameter): number => planner.parameters + offset * 4;
    const channels = this.#channels;
    const shape: ProductShape = {
      classes: [{ pixels: [{ a: 0, out: 0 }], segments: [{ a: 0, b: 0, steps: units }] }],
      aSample: hidden.bytes,
      outSample: recurrent.bytes,
      blockSteps: units,
      channels,
      start: cell.recurrentBias ? "bias" : "accumulate",
      finish: "store",
    };
    const inputShape = this.takesInputStepwise ? this.#inputProduct([{ a: 0, out: 0 }]) : undefined;
    for (const each of inputShape ? [shape, inputShape] : [shape])
      planner.schedule.reserveScratch(productScratch(each, planner.emitter.tiling));
    return groupJob(planner, name, planner.emitter.tiling.rows, ({ f, sample, scratch }, size) => {
      const product = emitProduct(planner.emitter, shape, size);
      const inputProduct = inputShape && emitProduct(planner.emitter, inputShape, size);
      const whole = { firstBlock: 0, endBlock: Math.ceil(channels / 8), groups: 1, scratch };
      const images = f.let(i32.add(i32.mul(sample, inputSample), input));
      this.#eachStep((time, before, first) => {
        if (inputProduct)
          f.call(inputProduct, {
            a: i32.add(images, i32.mul(time, features * 4)),
            out: rowAt(planner.batch, gates, time, sample),
            ...this.#inputWeights(planner),
            ...whole,
          });
        if (!first) {
          f.call(product, {
            a: rowAt(planner.batch, hidden, before, sample),
            weights: at(recurrentKernel),
            out: rowAt(planner.batch, recurrent, time, sample),
            bias: cell.recurrentBias ? at(cell.recurrentBias) : 0,
            ...whole,
          });
        }
        for (let row = 0; row < size; row++)
          cell.step(this.#step(planner, f, { time, before, first, sample: i32.add(sample, row) }));
      }, f);
    });
  }

  /**
   * Back through time. `sequences` says that every step's `hiddenGradient` counts, else the last one read.
   * Leaves the gradients of the sums where these were.
   */
  backwardJob(planner: Planner, sequences: boolean): Job {
    const { name, units, recurrentKernel, cell } = this.options;
    const { emitter, workspace, parameters } = planner;
    const { recurrent } = this.#rooms!;
    const { hiddenGradient } = this;
    const channels = this.#channels;
    const shape: ProductShape = {
      classes: [{ pixels: [{ a: 0, out: 0 }], segments: [{ a: 0, b: 0, steps: channels }] }],
      aSample: recurrent.bytes,
      outSample: this.stateBytes,
      blockSteps: channels,
      channels: units,
      start: sequences || cell.carries ? "accumulate" : "zero",
      finish: "store",
    };
    const transposed = workspace.allocate(packedBytes(shape), "from the start");
    this.#transpose(planner, `${name} recurrent`, parameters + recurrentKernel.offset * 4, transposed, units);
    planner.schedule.reserveScratch(productScratch(shape, emitter.tiling));
    const begin = cell.back({ planner, hiddenGradient, sequences });
    return groupJob(planner, `${name} gradient`, emitter.tiling.rows, (group, size) => {
      const { f, sample, scratch } = group;
      const product = emitProduct(emitter, shape, size);
      const stepBack = begin(group, size);
      this.#eachStep(
        (time, before, first) => {
          for (let row = 0; row < size; row++)
            stepBack(this.#step(planner, f, { time, before, first, sample: i32.add(sample, row) }), row);
          if (!first) {
            f.call(product, {
              a: rowAt(planner.batch, recurrent, time, sample),
              weights: transposed,
              out: rowAt(planner.batch, hiddenGradient, before, sample),
              bias: 0,
              firstBlock: 0,
              endBlock: Math.ceil(units / 8),
              groups: 1,
              scratch,
            });
          }
        },
        f,
        true,
      );
    });
  }

  /** Weight and bias gradients. */
  addGradients(planner: Planner, input: number): void {
    const { name, steps, features, units, reverse, kernel, recurrentKernel, bias, cell } = this.options;
    const { hidden, recurrent, gates } = this.#rooms!;
    const { batch, gradients } = planner;
    const row = batch * this.stateBytes;
    const gateRow = batch * this.#gateBytes;
    const channels = this.#channels;
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ a: index * 4, row: index }));
    // From the first step read, whose gradients are the smallest where the last one's output counts alone.
    const times = Array.from({ length: steps }, (_, step) => (reverse ? steps - 1 - step : step));
    const common = {
      overSamples: true,
      gathers: true,
      aSample: 0,
      bSample: 0,
      bStep: this.#gateBytes,
      channels,
    };
    if (steps > 1 && !recurrentKernel.kept)
      addWeightGradient(
        planner,
        `${name} recurrent`,
        {
          ...common,
          classes: [
            {
              rows: rows(units),
              walks: times
                .slice(1)
                .map((time, before) => ({ a: times[before] * row, b: time * gateRow, steps: batch })),
            },
          ],
          aStep: this.stateBytes,
          blockSteps: units,
        },
        hidden.address,
        recurrent.address,
        gradients + recurrentKernel.offset * 4,
      );
    if (!kernel.kept)
      addWeightGradient(
        planner,
        `${name} input`,
        {
          ...common,
          classes: [
            {
              rows: rows(features),
              walks: times.map((time) => ({ a: time * features * 4, b: time * gateRow, steps: batch })),
            },
          ],
          aStep: this.options.inputSample,
          blockSteps: features,
        },
        input,
        gates.address,
        gradients + kernel.offset * 4,
      );
    const walk = {
      groups: steps,
      groupBytes: batch * this.#gateBytes,
      rows: batch,
      rowBytes: this.#gateBytes,
      parts: true,
    };
    if (!bias.kept)
      addBiasGradient(planner, name, gates.address, walk, channels, gradients + bias.offset * 4);
    if (!cell.recurrentBias || cell.recurrentBias.kept) return;
    const target = gradients + cell.recurrentBias.offset * 4;
    addBiasGradient(planner, `${name} recurrent`, recurrent.address, walk, channels, target);
  }

  /** Wᵀ · gates into the input's gradient; `add` onto what another direction left there. */
  inputGradientJob(planner: Planner, target: number, add: boolean): Job {
    const { name, steps, features, kernel } = this.options;
    const shape: ProductShape = {
      classes: [
        {
          pixels: Array.from({ length: steps }, (_, time) => ({
            a: time * planner.batch * this.#gateBytes,
            out: time * features * 4,
          })),
          segments: [{ a: 0, b: 0, steps: this.#channels }],
        },
      ],
      aSample: this.#gateBytes,
      outSample: this.options.inputSample,
      blockSteps: this.#channels,
      channels: features,
      start: add ? "accumulate" : "zero",
      finish: "store",
    };
    const transposed = planner.workspace.allocate(packedBytes(shape), "from the start");
    this.#transpose(planner, `${name} input`, planner.parameters + kernel.offset * 4, transposed, features);
    return productJob(planner, `${name} data gradient`, shape, {
      a: this.#rooms!.gates.address,
      out: target,
      weights: transposed,
      bias: 0,
    });
  }

  #inputProduct(pixels: readonly Place[]): ProductShape {
    const { features } = this.options;
    return {
      classes: [{ pixels, segments: [{ a: 0, b: 0, steps: features }] }],
      aSample: this.options.inputSample,
      outSample: this.#gateBytes,
      blockSteps: features,
      channels: this.#channels,
      start: "bias",
      finish: "store",
    };
  }

  #inputWeights({ parameters }: Planner): { readonly weights: number; readonly bias: number } {
    const { kernel, bias } = this.options;
    return { weights: parameters + kernel.offset * 4, bias: parameters + bias.offset * 4 };
  }

  #transpose(planner: Planner, name: string, from: number, to: number, inChannels: number): void {
    const outChannels = this.#channels;
    addTranspose(planner, name, { kernelSize: [1, 1], strides: [1, 1], inChannels, outChannels }, from, to);
  }

  /** Writes the first step apart and the others as a loop, in reading order or backwards. */
  #eachStep(
    write: (time: I32, before: I32, first: boolean) => void,
    f: FunctionBuilder,
    backwards = false,
  ): void {
    const { steps, reverse } = this.options;
    const last = steps - 1;
    const firstTime = i32.const(reverse ? last : 0);
    const rest = (): void => {
      if (steps === 1) return;
      f.for({ from: 1, to: steps }, (count) => {
        const position = backwards ? i32.sub(steps, count) : count;
        const time = f.let(reverse ? i32.sub(last, position) : i32.add(position, 0));
        write(time, f.let(reverse ? i32.add(time, 1) : i32.sub(time, 1)), false);
      });
    };
    if (backwards) {
      rest();
      write(firstTime, firstTime, true);
    } else {
      write(firstTime, firstTime, true);
      rest();
    }
  }

  /** What a step of one sample is emitted with. */
  #step(
    planner: Planner,
    f: FunctionBuilder,
    { time, before, first, sample }: { time: I32; before: I32; first: boolean; sample: I32 },
  ): StepContext {
    return {
      planner,
      f,
      first,
      rooms: this.#rooms!,
      now: (room) => rowAt(planner.batch, room, time, sample),
      before: (room) => rowAt(planner.batch, room, before, sample),
    };
  }

  /** Columns of the kernels, padding included. */
  get #channels(): number {
    return this.options.units * this.options.cell.gates;
  }

  /** Bytes of one sample's gates, and of its state, at one step: odd cache lines, as tensors have. */
  get #gateBytes(): number {
    return oddLines(this.#channels * 4);
  }

  get stateBytes(): number {
    return oddLines(this.options.units * 4);
  }
}
