import { emitDropout } from "../../kernels/dropout.js";
import { gridBytes } from "../../kernels/grid.js";
import { type I32, i32 } from "../../wasm/index.js";
import { batchBuffer, type Node, type Planner, storeGradient } from "../plan/node.js";
import type { SampleContext } from "../plan/step-schedule.js";
import { sampleAddress, type Tensor } from "../plan/tensor.js";

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
    const from = input.values!;
    output.values ??= batchBuffer(planner, output.grid);
    const to = output.values;
    const mask = this.#mask(planner);
    planner.schedule.perSample(this.name, (context) => {
      const { sample, scratch } = context;
      mask(context, sampleAddress(from, sample, scratch), sampleAddress(to, sample, scratch));
    });
  }

  backward(planner: Planner): void {
    const { input, output, name } = this;
    if (!output.needsGradient) return;
    const gradient = output.gradient!;
    const mask = this.#mask(planner);
    if (input === output)
      planner.schedule.perSample(`${name} gradient`, (context) => {
        const at = sampleAddress(gradient, context.sample, context.scratch);
        mask(context, at, at);
      });
    else
      storeGradient(planner, `${name} gradient`, input, (context, to) => {
        mask(context, sampleAddress(gradient, context.sample, context.scratch), to);
      });
  }

  #mask(planner: Planner): (context: SampleContext, from: I32, to: I32) => void {
    const drop = emitDropout(planner.emitter, this.rate);
    const key = planner.dropoutKey(this.layerIndex);
    const bytes = gridBytes(this.output.grid);
    return ({ f, sample }, from, to) =>
      f.call(drop, { from, to, bytes, key: i32.load(key), firstIndex: i32.mul(sample, bytes / 4) });
  }
}
