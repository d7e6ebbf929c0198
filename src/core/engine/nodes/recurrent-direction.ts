import { emitZero } from "../../kernels/fill.js";
import { oddLines } from "../../kernels/grid.js";
import { emitLstmStep, emitLstmStepGradient } from "../../kernels/lstm.js";
import { emitProduct, type ProductShape, packedBytes } from "../../kernels/product.js";
import { tileRows } from "../../kernels/tiling.js";
import { type FunctionBuilder, type I32, i32 } from "../../wasm/index.js";
import { groupJob } from "../jobs/group-jobs.js";
import { productJob } from "../jobs/product-jobs.js";
import { addTranspose } from "../jobs/transpose-jobs.js";
import { addBiasGradient, addWeightGradient } from "../jobs/weight-gradient-jobs.js";
import type { Planner } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import type { Job } from "../plan/step-schedule.js";

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
}

/**
 * An LSTM along one direction. Everything it keeps is time-major, [T][N][…]: a step's rows of all samples lie together, as the
 * weight gradient walks them. A task takes one tile of samples through all steps:
 * samples don't wait for each other, and the weights stay in the second cache.
 */
export class RecurrentDirection {
  #gates = 0;
  #cells = 0;
  #cellTanhs = 0;
  hidden = 0;
  /** Gradient of every step's output; the last step's alone where the others are not read. */
  hiddenGradient = 0;

  constructor(readonly options: DirectionOptions) {}

  get trained(): boolean {
    return !this.options.kernel.kept;
  }

  /** W·x + b for every step at once. */
  inputJob(planner: Planner, input: number): Job {
    const { name, kernel, bias } = this.options;
    const { batch, workspace, parameters } = planner;
    const { steps } = this.options;
    this.#gates = workspace.allocate(steps * batch * this.#gateBytes);
    this.#cells = workspace.allocate(steps * batch * this.stateBytes);
    this.#cellTanhs = workspace.allocate(steps * batch * this.stateBytes);
    this.hidden = workspace.allocate(steps * batch * this.stateBytes);
    return productJob(planner, `${name} input`, this.#inputProduct(batch), {
      a: input,
      out: this.#gates,
      weights: parameters + kernel.offset * 4,
      bias: parameters + bias.offset * 4,
    });
  }

  /** All steps, a task a tile of samples. */
  forwardJob(planner: Planner): Job {
    const { name, units, recurrentKernel } = this.options;
    const weights = planner.parameters + recurrentKernel.offset * 4;
    const shape: ProductShape = {
      classes: [{ pixels: [{ a: 0, out: 0 }], segments: [{ a: 0, b: 0, steps: units }] }],
      aSample: this.stateBytes,
      outSample: this.#gateBytes,
      blockSteps: units,
      channels: units * 4,
      start: "accumulate",
      finish: "store",
    };
    return groupJob(planner, name, tileRows, ({ f, sample }, size) => {
      const product = emitProduct(planner.emitter, shape, size);
      this.#eachStep((time, before, first) => {
        const step = emitLstmStep(planner.emitter, units, first);
        const gates = this.#at(planner, this.#gates, time, sample, this.#gateBytes);
        if (!first) {
          const hidden = this.#at(planner, this.hidden, before, sample, this.stateBytes);
          f.call(product, {
            a: hidden,
            weights,
            out: gates,
            bias: 0,
            firstBlock: 0,
            endBlock: units / 2,
            groups: 1,
          });
        }
        for (let row = 0; row < size; row++) {
          const at = i32.add(sample, row);
          f.call(step, {
            gates: this.#at(planner, this.#gates, time, at, this.#gateBytes),
            cellBefore: this.#at(planner, this.#cells, before, at, this.stateBytes),
            cell: this.#at(planner, this.#cells, time, at, this.stateBytes),
            cellTanh: this.#at(planner, this.#cellTanhs, time, at, this.stateBytes),
            hidden: this.#at(planner, this.hidden, time, at, this.stateBytes),
          });
        }
      }, f);
    });
  }

  /**
   * Back through time. `sequences` says that every step's `hiddenGradient` counts, else the last one read.
   * Leaves the gradients of the gates' sums where the gates were.
   */
  backwardJob(planner: Planner, sequences: boolean): Job {
    const { name, units, recurrentKernel } = this.options;
    const { emitter, batch, workspace, parameters } = planner;
    const shape: ProductShape = {
      classes: [{ pixels: [{ a: 0, out: 0 }], segments: [{ a: 0, b: 0, steps: units * 4 }] }],
      aSample: this.#gateBytes,
      outSample: this.stateBytes,
      blockSteps: units * 4,
      channels: units,
      start: sequences ? "accumulate" : "zero",
      finish: "store",
    };
    const transposed = workspace.allocate(packedBytes(shape), "from the start");
    this.#transpose(planner, `${name} recurrent`, parameters + recurrentKernel.offset * 4, transposed, units);
    const cellGradient = workspace.allocate(batch * this.stateBytes);
    const zero = emitZero(emitter);
    return groupJob(planner, `${name} gradient`, tileRows, ({ f, sample }, size) => {
      const product = emitProduct(emitter, shape, size);
      const cell = f.let(i32.add(i32.mul(sample, this.stateBytes), cellGradient));
      f.call(zero, { address: cell, end: i32.add(cell, size * this.stateBytes) });
      this.#eachStep(
        (time, before, first) => {
          const step = emitLstmStepGradient(emitter, units, first);
          for (let row = 0; row < size; row++) {
            const at = i32.add(sample, row);
            f.call(step, {
              gates: this.#at(planner, this.#gates, time, at, this.#gateBytes),
              cellBefore: this.#at(planner, this.#cells, before, at, this.stateBytes),
              cellTanh: this.#at(planner, this.#cellTanhs, time, at, this.stateBytes),
              hiddenGradient: this.#at(planner, this.hiddenGradient, time, at, this.stateBytes),
              cellGradient: i32.add(cell, row * this.stateBytes),
            });
          }
          if (!first) {
            const gates = this.#at(planner, this.#gates, time, sample, this.#gateBytes);
            const target = this.#at(planner, this.hiddenGradient, before, sample, this.stateBytes);
            f.call(product, {
              a: gates,
              weights: transposed,
              out: target,
              bias: 0,
              firstBlock: 0,
              endBlock: Math.ceil(units / 8),
              groups: 1,
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
    const { name, steps, features, units, reverse, kernel, recurrentKernel, bias } = this.options;
    const { batch, gradients } = planner;
    const row = batch * this.stateBytes;
    const gateRow = batch * this.#gateBytes;
    const channels = units * 4;
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ a: index * 4, row: index }));
    const common = { overSamples: true, aSample: 0, bSample: 0, bStep: this.#gateBytes, channels };
    if (steps > 1)
      addWeightGradient(
        planner,
        `${name} recurrent`,
        {
          ...common,
          classes: [
            {
              rows: rows(units),
              walks: Array.from({ length: steps - 1 }, (_, time) => ({
                a: (reverse ? time + 1 : time) * row,
                b: (reverse ? time : time + 1) * gateRow,
              })),
              steps: batch,
            },
          ],
          aStep: this.stateBytes,
          blockSteps: units,
        },
        this.hidden,
        this.#gates,
        gradients + recurrentKernel.offset * 4,
      );
    addWeightGradient(
      planner,
      `${name} input`,
      {
        ...common,
        classes: [
          {
            rows: rows(features),
            walks: Array.from({ length: steps }, (_, time) => ({
              a: time * features * 4,
              b: time * gateRow,
            })),
            steps: batch,
          },
        ],
        aStep: this.options.inputSample,
        blockSteps: features,
      },
      input,
      this.#gates,
      gradients + kernel.offset * 4,
    );
    addBiasGradient(
      planner,
      name,
      this.#gates,
      { groups: 1, groupBytes: 0, rows: steps * batch, rowBytes: this.#gateBytes },
      channels,
      gradients + bias.offset * 4,
    );
  }

  /** Wᵀ · gates into the input's gradient; `add` onto what another direction left there. */
  inputGradientJob(planner: Planner, target: number, add: boolean): Job {
    const { name, steps, features, units, kernel } = this.options;
    const shape: ProductShape = {
      classes: [
        {
          pixels: Array.from({ length: steps }, (_, time) => ({
            a: time * planner.batch * this.#gateBytes,
            out: time * features * 4,
          })),
          segments: [{ a: 0, b: 0, steps: units * 4 }],
        },
      ],
      aSample: this.#gateBytes,
      outSample: this.options.inputSample,
      blockSteps: units * 4,
      channels: features,
      start: add ? "accumulate" : "zero",
      finish: "store",
    };
    const transposed = planner.workspace.allocate(packedBytes(shape), "from the start");
    this.#transpose(planner, `${name} input`, planner.parameters + kernel.offset * 4, transposed, features);
    return productJob(planner, `${name} data gradient`, shape, {
      a: this.#gates,
      out: target,
      weights: transposed,
      bias: 0,
    });
  }

  #inputProduct(batch: number): ProductShape {
    const { steps, features, units } = this.options;
    return {
      classes: [
        {
          pixels: Array.from({ length: steps }, (_, time) => ({
            a: time * features * 4,
            out: time * batch * this.#gateBytes,
          })),
          segments: [{ a: 0, b: 0, steps: features }],
        },
      ],
      aSample: this.options.inputSample,
      outSample: this.#gateBytes,
      blockSteps: features,
      channels: units * 4,
      start: "bias",
      finish: "store",
    };
  }

  #transpose(planner: Planner, name: string, from: number, to: number, inChannels: number): void {
    const outChannels = this.options.units * 4;
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

  /** Bytes of one sample's gates, and of its state, at one step: odd cache lines, as tensors have. */
  get #gateBytes(): number {
    return oddLines(this.options.units * 16);
  }

  get stateBytes(): number {
    return oddLines(this.options.units * 4);
  }

  /** Address of [time][sample] of something of so many bytes. */
  #at(planner: Planner, base: number, time: I32, sample: I32, bytes: number): I32 {
    return i32.add(i32.mul(i32.add(i32.mul(time, planner.batch), sample), bytes), base);
  }
}
