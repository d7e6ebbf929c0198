import { type ConvolutionGeometry, tapCounts } from "../../kernels/convolution.js";
import {
  depthwiseDataGradient,
  depthwiseForward,
  emitDepthwise,
  emitDepthwiseWeightGradient,
} from "../../kernels/depthwise.js";
import { i32 } from "../../wasm/index.js";
import { addPartialBiasGradient, addShares } from "../jobs/weight-gradient-jobs.js";
import { batchBuffer, gradientShare, gradientTarget, type Node, type Planner } from "../plan/node.js";
import { type Buffer, sampleAddress, type Tensor } from "../plan/tensor.js";
import { addRectifierGradient, type ConvolutionOptions, foldedWeights } from "./convolution.js";
import { refuseVast } from "./refuse-vast.js";

/** A walk over more taps has a program of many megabytes, and takes half a minute to plan. */
const mostTaps = 1_000_000;

/** A convolution of each channel by itself, with its bias and if so a ReLU: sample by sample in all directions. */
export class DepthwiseNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly geometry: ConvolutionGeometry,
    readonly options: ConvolutionOptions,
  ) {}

  get readsBack() {
    return this.options.kernel.kept ? "never" : "in chain";
  }

  forward(planner: Planner): void {
    const { name, input, output, geometry, options } = this;
    refuseVast(name, geometry, tapCounts(geometry).forward, mostTaps);
    const { kernel, bias } = foldedWeights(planner, name, options);
    const from = input.values!;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const convolve = emitDepthwise(planner.emitter, depthwiseForward(geometry), "bias", options.rectifier);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      f.call(convolve, {
        from: sampleAddress(from, sample, scratch),
        kernel,
        bias,
        out: sampleAddress(to, sample, scratch),
      });
    });
  }

  backward(planner: Planner): void {
    const { name, input, output, options } = this;
    const { gradient } = output;
    if (!gradient) return;
    if (options.rectifier) addRectifierGradient(planner, name, output, options.rectifier);
    if (!options.kernel.kept) this.#weightGradient(planner, gradient);
    if (options.bias && !options.bias.kept)
      addPartialBiasGradient(planner, name, output.grid, gradient, gradientTarget(planner, options.bias));
    if (input.needsGradient) this.#dataGradient(planner, gradient);
  }

  /** In fixed shares of the batch. */
  #weightGradient(planner: Planner, gradient: Buffer): void {
    const { name, input, geometry, options } = this;
    const { address, numbers } = gradientTarget(planner, options.kernel);
    const bytes = numbers * 4;
    const shares = addShares(planner, `${name} weight gradient`, address, bytes);
    const from = input.values!;
    const add = emitDepthwiseWeightGradient(planner.emitter, depthwiseForward(geometry));
    planner.schedule.perSample(`${name} weight gradient`, ({ f, sample, part, scratch }) => {
      f.call(add, {
        from: sampleAddress(from, sample, scratch),
        gradient: sampleAddress(gradient, sample, scratch),
        out: i32.add(i32.mul(part, bytes), shares),
      });
    });
  }

  #dataGradient(planner: Planner, gradient: Buffer): void {
    const { name, input, geometry, options } = this;
    refuseVast(name, geometry, tapCounts(geometry).dataGradient, mostTaps);
    const { to, adds } = gradientShare(planner, input);
    const walk = depthwiseDataGradient(geometry);
    const back = emitDepthwise(planner.emitter, walk, adds ? "accumulate" : "zero");
    const kernel = planner.parameters + options.kernel.offset * 4;
    planner.schedule.perSample(`${name} data gradient`, ({ f, sample, scratch }) => {
      f.call(back, {
        from: sampleAddress(gradient, sample, scratch),
        kernel,
        bias: 0,
        out: sampleAddress(to, sample, scratch),
      });
    });
  }
}
