import { emitScale } from "../../kernels/multiply.js";
import type { Node, Planner } from "../plan/node.js";
import { type Buffer, endOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** A tensor times a factor, in place. */
export class ScaleNode implements Node {
  constructor(
    readonly name: string,
    readonly output: Tensor,
    readonly factor: number,
  ) {}

  forward(planner: Planner): void {
    this.#scale(planner, this.name, this.output.values!);
  }

  backward(planner: Planner): void {
    if (this.output.needsGradient) this.#scale(planner, `${this.name} gradient`, this.output.gradient!);
  }

  #scale(planner: Planner, name: string, buffer: Buffer): void {
    const kernel = emitScale(planner.emitter, this.factor);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      const address = f.let(sampleAddress(buffer, sample, scratch));
      f.call(kernel, { address, end: endOf(address, buffer) });
    });
  }
}
