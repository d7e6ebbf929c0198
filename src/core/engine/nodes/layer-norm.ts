import {
  emitLayerNorm,
  emitLayerNormInputGradient,
  emitLayerNormSums,
  type LayerNormShape,
  pixelMomentBytes,
} from "../../kernels/layer-norm.js";
import { i32 } from "../../wasm/index.js";
import { addShares } from "../jobs/weight-gradient-jobs.js";
import { batchBuffer, gradientTarget, type Node, type Planner, storeGradient } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";
import { type Buffer, pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

export interface LayerNormTensors {
  readonly gamma: PackedParameter;
  readonly beta: PackedParameter;
}

/** Layer normalization: every pixel by its own channels. */
export class LayerNormNode implements Node {
  /** Each pixel's mean and 1 / √(σ² + ε). */
  #moments: Buffer | undefined;

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly tensors: LayerNormTensors,
    readonly epsilon: number,
  ) {}

  forward(planner: Planner): void {
    const { input, output, tensors } = this;
    const { parameters } = planner;
    const shape = this.#shape();
    const from = input.values!;
    // The way back reads what came in, so that it must not be written over.
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const moments = batchBuffer(planner, {
      height: shape.pixels,
      width: 1,
      pitch: 1,
      channels: pixelMomentBytes / 4,
    });
    this.#moments = moments;
    const normalize = emitLayerNorm(planner.emitter, shape, this.epsilon);
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      f.call(normalize, {
        x: sampleAddress(from, sample, scratch),
        y: sampleAddress(to, sample, scratch),
        gamma: parameters + tensors.gamma.offset * 4,
        beta: parameters + tensors.beta.offset * 4,
        moments: sampleAddress(moments, sample, scratch),
      });
    });
  }

  backward(planner: Planner): void {
    const { input, output, name, tensors } = this;
    const [gradient, values, kept] = [output.gradient, input.values!, this.#moments!];
    if (!gradient) return;
    kept.touch?.();
    if (!tensors.gamma.kept || !tensors.beta.kept) this.#addGradients(planner, gradient, values, kept);
    if (!input.needsGradient) return;
    const back = emitLayerNormInputGradient(planner.emitter, this.#shape());
    const gamma = planner.parameters + tensors.gamma.offset * 4;
    storeGradient(planner, `${name} data gradient`, input, ({ f, sample, scratch }, to) => {
      f.call(back, {
        gradient: sampleAddress(gradient, sample, scratch),
        x: sampleAddress(values, sample, scratch),
        moments: sampleAddress(kept, sample, scratch),
        gamma,
        to,
      });
    });
  }

  /** γ's and β's, in fixed shares of the batch. */
  #addGradients(planner: Planner, gradient: Buffer, values: Buffer, kept: Buffer): void {
    const { name, tensors } = this;
    const shape = this.#shape();
    const bytes = shape.channels * 4;
    const [gamma, beta] = (["gamma", "beta"] as const).map((tensor) =>
      addShares(planner, `${name} ${tensor}`, gradientTarget(planner, tensors[tensor]).address, bytes),
    );
    const sums = emitLayerNormSums(planner.emitter, shape);
    planner.schedule.perSample(`${name} gradient`, ({ f, sample, part, scratch }) => {
      f.call(sums, {
        gradient: sampleAddress(gradient, sample, scratch),
        x: sampleAddress(values, sample, scratch),
        moments: sampleAddress(kept, sample, scratch),
        gammaGradient: i32.add(i32.mul(part, bytes), gamma),
        betaGradient: i32.add(i32.mul(part, bytes), beta),
      });
    });
  }

  #shape(): LayerNormShape {
    const { shape, grid } = this.input;
    return { ...pixelsOf(grid), width: shape[shape.length - 1] };
  }
}
