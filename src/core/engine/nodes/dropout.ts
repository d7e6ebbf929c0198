import { gridBytes } from "../../kernels/convolution.js";
import { emitDropout } from "../../kernels/elementwise.js";
import { i32 } from "../../wasm/index.js";
import { batchBuffer, gradientOf, type Node, type Planner } from "../node.js";
import { type Buffer, sampleAddress, type Tensor } from "../tensor.js";

/** Dropout, in place where output and input are one tensor. The mask is made again on the way back. */
export class DropoutNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly rate: number,
    readonly layerIndex: number,
  ) {}

  forward(planner: Planner): void {
    const { input, output } = this;
    if (!planner.training) {
      output.values = input.values;
      return;
    }
    output.values ??= batchBuffer(planner, output.grid);
    this.#mask(planner, this.name, input.values!, output.values);
  }

  backward(planner: Planner): void {
    const { input, output } = this;
    if (!output.needsGradient) return;
    this.#mask(planner, `${this.name} gradient`, output.gradient!, gradientOf(planner, input));
  }

  #mask(planner: Planner, name: string, from: Buffer, to: Buffer): void {
    const drop = emitDropout(planner.emitter, this.rate);
    const key = planner.dropoutKey(this.layerIndex);
    const bytes = gridBytes(this.output.grid);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      f.call(
        drop,
        sampleAddress(from, sample, scratch),
        sampleAddress(to, sample, scratch),
        bytes,
        i32.load(key),
        i32.mul(sample, bytes / 4),
      );
    });
  }
}
