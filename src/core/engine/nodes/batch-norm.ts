import {
  emitBatchMoments,
  emitBatchNorm,
  emitBatchNormGradients,
  emitBatchNormInputGradient,
  emitBatchNormSums,
  emitFixedMoments,
  emitSampleMoments,
  momentBytes,
  statisticsBytes,
} from "../../kernels/batch-norm.js";
import {
  type Arguments,
  type FunctionBuilder,
  type FunctionReference,
  type I32,
  i32,
  type Local,
} from "../../wasm/index.js";
import { batchBuffer, gradientShare, gradientTarget, type Node, type Planner } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import type { Job } from "../plan/step-schedule.js";
import { type Buffer, endOf, pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

export interface BatchNormTensors {
  readonly gamma: PackedParameter;
  readonly beta: PackedParameter;
  readonly runningMean: PackedParameter;
  readonly runningVariance: PackedParameter;
}

export interface BatchNormSettings {
  readonly momentum: number;
  readonly epsilon: number;
}

/** Channels that one task joins the samples' moments of. */
const taskChannels = 16;

/** A job whose tasks each do some channels, four at a time by their byte offset. */
function channelJob(
  planner: Planner,
  name: string,
  channels: number,
  write: (f: FunctionBuilder, channel: Local<"i32">) => void,
): Job {
  return {
    name,
    tasks: Math.ceil(channels / taskChannels),
    run: planner.emitter.module.function(["task", "scratch"], (f, { task }) => {
      const first = f.let(i32.mul(task, taskChannels * 4));
      const wanted = f.let(i32.add(first, taskChannels * 4));
      const end = f.let(i32.select(i32.ltU(wanted, channels * 4), wanted, channels * 4));
      f.for({ from: first, to: end, step: 16 }, (channel) => write(f, channel));
    }),
  };
}

/** Adds the job that makes the running statistics ready for kernels; gives their address. */
export function prepareFixedMoments(
  planner: Planner,
  name: string,
  channels: number,
  tensors: BatchNormTensors,
  { epsilon }: BatchNormSettings,
): number {
  const to = planner.workspace.allocate(statisticsBytes(channels), "always");
  const fixed = emitFixedMoments(planner.emitter, { channels, epsilon });
  const at = ({ offset }: PackedParameter): number => planner.parameters + offset * 4;
  planner.schedule.prepare(
    channelJob(planner, `${name} statistics`, channels, (f, channel) =>
      f.call(fixed, {
        statistics: to,
        gamma: at(tensors.gamma),
        runningMean: at(tensors.runningMean),
        runningVariance: at(tensors.runningVariance),
        channel,
      }),
    ),
  );
  return to;
}

/** Batch normalization: by the batch's own moments where it trains, else by the running ones. */
export class BatchNormNode implements Node {
  #statistics = 0;
  /** Where the samples' shares of γ's and β's gradients are, where those are wanted. */
  #gradientSums: number | undefined;
  /**
   * What alone reads its output and can send that one's gradient back again: it is needed before all threads meet and
   * after, and then not kept meanwhile.
   */
  gradientMaker?: { gradientAgain(planner: Planner): void };

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly tensors: BatchNormTensors,
    readonly settings: BatchNormSettings,
    /** Whether any of its tensors are trained. */
    readonly trained: boolean,
  ) {}

  forward(planner: Planner): void {
    const { input, name, tensors } = this;
    if (this.#own(planner)) this.#batchMoments(planner);
    else {
      const { channels } = input.grid;
      this.#statistics = prepareFixedMoments(planner, name, channels, tensors, this.settings);
    }
    this.#normalize(planner, name);
  }

  again(planner: Planner): void {
    this.#normalize(planner, `${this.name} again`);
  }

  #normalize(planner: Planner, name: string): void {
    const { input, output, tensors } = this;
    const { emitter, schedule, parameters } = planner;
    const from = input.values!;
    const { channels } = from.grid;
    // The way back reads what came in, so that it must not be written over.
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const normalize = emitBatchNorm(emitter, channels);
    const beta = parameters + tensors.beta.offset * 4;
    schedule.perSample(name, ({ f, sample, scratch }) => {
      const x = f.let(sampleAddress(from, sample, scratch));
      const y = sampleAddress(to, sample, scratch);
      f.call(normalize, { x, y, statistics: this.#statistics, beta, end: endOf(x, from) });
    });
  }

  /** The samples' sums, in the chain that has just written the gradient. */
  backwardFirst(planner: Planner): void {
    const { input, output, name } = this;
    const [gradient, values] = [output.gradient, input.values!];
    if (!gradient || !this.#own(planner)) return;
    const ofSample = emitBatchNormSums(planner.emitter, pixelsOf(input.grid));
    this.#gradientSums = this.#perSample(planner, `${name} gradient sums`, ofSample, (at, to) => ({
      gradient: at(gradient),
      x: at(values),
      statistics: this.#statistics,
      sums: to,
    }));
  }

  backward(planner: Planner): void {
    const { input, output, name } = this;
    const { emitter, schedule } = planner;
    const sums = this.#gradientSums;
    if (sums !== undefined) this.#gradients(planner, sums);
    if (!input.needsGradient) return;
    if (sums !== undefined) this.gradientMaker?.gradientAgain(planner);
    const [from, gradient] = [input.values!, output.gradient];
    if (!gradient) return;
    const { to, adds } = gradientShare(planner, input);
    const fixed = sums === undefined;
    const back = emitBatchNormInputGradient(emitter, from.grid.channels, { fixed, adds });
    schedule.perSample(`${name} data gradient`, ({ f, sample, scratch }) => {
      const dy = f.let(sampleAddress(gradient, sample, scratch));
      f.call(back, {
        gradient: dy,
        x: sampleAddress(from, sample, scratch),
        statistics: this.#statistics,
        to: sampleAddress(to, sample, scratch),
        end: endOf(dy, gradient),
      });
    });
  }

  #own(planner: Planner): boolean {
    return planner.training && this.trained;
  }

  /** The samples' moments, then the batch's. */
  #batchMoments(planner: Planner): void {
    const { input, name, tensors } = this;
    const { emitter, batch, parameters } = planner;
    const from = input.values!;
    const pixels = pixelsOf(from.grid);
    const { channels } = pixels;
    this.#statistics = planner.workspace.allocate(statisticsBytes(channels));
    const ofSample = emitSampleMoments(emitter, pixels);
    const moments = this.#perSample(planner, `${name} moments`, ofSample, (at, to) => ({
      x: at(from),
      moments: to,
    }));
    const join = emitBatchMoments(emitter, { ...pixels, batch, ...this.settings });
    const at = ({ offset }: PackedParameter): number => parameters + offset * 4;
    const { gamma, runningMean, runningVariance } = tensors;
    planner.changesModel();
    planner.schedule.stage([
      channelJob(planner, `${name} statistics`, channels, (f, channel) =>
        f.call(join, {
          moments,
          statistics: this.#statistics,
          gamma: at(gamma),
          runningMean: at(runningMean),
          runningVariance: at(runningVariance),
          channel,
        }),
      ),
    ]);
  }

  /** γ's and β's gradients, from the samples' sums. */
  #gradients(planner: Planner, sums: number): void {
    const { input, name, tensors } = this;
    const { emitter, batch } = planner;
    const pixels = pixelsOf(input.grid);
    const join = emitBatchNormGradients(emitter, { ...pixels, batch });
    const [gammaGradient, betaGradient] = [tensors.gamma, tensors.beta].map(
      (tensor) => gradientTarget(planner, tensor).address,
    );
    planner.schedule.stage([
      channelJob(planner, `${name} gradient`, pixels.channels, (f, channel) =>
        f.call(join, {
          sums,
          statistics: this.#statistics,
          gammaGradient,
          betaGradient,
          channel,
        }),
      ),
    ]);
  }

  /** Adds a pass over samples that leaves two vectors of channels for each; gives their address. */
  #perSample<Name extends string>(
    planner: Planner,
    name: string,
    kernel: FunctionReference<Name>,
    args: (at: (buffer: Buffer) => I32, to: I32) => Arguments<Name>,
  ): number {
    const bytes = momentBytes(this.input.grid.channels);
    const to = planner.workspace.allocate(bytes * planner.batch);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      const at = (buffer: Buffer): I32 => sampleAddress(buffer, sample, scratch);
      f.call(kernel, args(at, i32.add(i32.mul(sample, bytes), to)));
    });
    return to;
  }
}
