import { emitCrop, emitZeroPad, type PadShape } from "../../kernels/zero-pad.js";
import { batchBuffer, type Node, type Planner, storeGradient } from "../plan/node.js";
import { sampleAddress, type Tensor } from "../plan/tensor.js";

/** Zeros around an image; on the way back they are cut off. */
export class ZeroPadNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly padding: Pick<PadShape, "top" | "left">,
  ) {}

  forward(planner: Planner): void {
    const { input, output } = this;
    const from = input.values!;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const pad = emitZeroPad(planner.emitter, this.#shape);
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      f.call(pad, { from: sampleAddress(from, sample, scratch), to: sampleAddress(to, sample, scratch) });
    });
  }

  backward(planner: Planner): void {
    const { input, output } = this;
    const { gradient } = output;
    if (!gradient || !input.needsGradient) return;
    const crop = emitCrop(planner.emitter, this.#shape);
    storeGradient(planner, `${this.name} gradient`, input, ({ f, sample, scratch }, to) => {
      f.call(crop, { from: sampleAddress(gradient, sample, scratch), to });
    });
  }

  get #shape(): PadShape {
    return { inner: this.input.grid, outer: this.output.grid, ...this.padding };
  }
}
