import { emitZero } from "../../kernels/fill.js";
import { type Grid, gridBytes } from "../../kernels/grid.js";
import { shapeSize } from "../../layers/shape.js";
import { f32, i32 } from "../../wasm/index.js";
import { batchBuffer, type Node, type Planner, storeGradient } from "../plan/node.js";
import { sampleAddress, type Tensor } from "../plan/tensor.js";

/** The same numbers in another shape, where padding makes the two lie differently in memory. */
export class RepackNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
  ) {}

  forward(planner: Planner): void {
    const { input, output } = this;
    output.values = batchBuffer(planner, output.grid);
    const [from, to] = [input.values!, output.values];
    const copy = emitRepack(planner, this.input, this.output, to.grid);
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      f.call(copy, { from: sampleAddress(from, sample, scratch), to: sampleAddress(to, sample, scratch) });
    });
  }

  backward(planner: Planner): void {
    const { input, output } = this;
    if (!input.needsGradient) return;
    const copy = emitRepack(planner, output, input, input.gradientLayout?.grid ?? input.grid);
    const gradient = output.gradient!;
    storeGradient(planner, `${this.name} gradient`, input, ({ f, sample, scratch }, to) => {
      f.call(copy, { from: sampleAddress(gradient, sample, scratch), to });
    });
  }
}

/** Emits (from, to): number by number, zeros in the padding. */
function emitRepack(planner: Planner, from: Tensor, to: Tensor, grid: Grid) {
  const fromChannels = from.shape[from.shape.length - 1];
  const toChannels = to.shape[to.shape.length - 1];
  const count = shapeSize(from.shape);
  const zero = emitZero(planner.emitter);
  return planner.emitter.module.function(["from", "to"], (f, { from: source, to: target }) => {
    f.call(zero, { address: target, end: i32.add(target, gridBytes(grid)) });
    f.for({ to: count }, (index) => {
      const place = (channels: number, pitch: number) =>
        i32.mul(i32.add(i32.mul(i32.divU(index, channels), pitch), i32.remU(index, channels)), 4);
      const value = f32.load(i32.add(source, place(fromChannels, from.grid.channels)));
      f.do(f32.store(i32.add(target, place(toChannels, to.grid.channels)), value));
    });
  });
}
