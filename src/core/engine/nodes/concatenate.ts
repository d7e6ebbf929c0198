import { emitMoveChannels } from "../../kernels/move-channels.js";
import { batchBuffer, clearPadding, type Node, type Planner, storeGradient } from "../plan/node.js";
import { endOf, pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** Tensors of one size, their channels one behind the other. */
export class ConcatenateNode implements Node {
  constructor(
    readonly name: string,
    readonly inputs: readonly Tensor[],
    readonly output: Tensor,
  ) {}

  forward(planner: Planner): void {
    const { inputs, output, name } = this;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const clear = clearPadding(planner, output);
    const parts = inputs.map((input, index) => ({
      from: input.values!,
      move: emitMoveChannels(planner.emitter, { ...this.#part(index), to: this.#place(index) }),
    }));
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      const target = f.let(sampleAddress(to, sample, scratch));
      for (const { from, move } of parts)
        f.call(move, { source: sampleAddress(from, sample, scratch), target });
      if (clear) f.call(clear, { address: target, end: endOf(target, to) });
    });
  }

  backward(planner: Planner): void {
    const { inputs, output, name } = this;
    const { gradient } = output;
    if (!gradient) return;
    inputs.forEach((input, index) => {
      if (!input.needsGradient) return;
      const { from: own, ...part } = this.#part(index);
      const move = emitMoveChannels(planner.emitter, { ...part, from: this.#place(index), to: own });
      const clear = clearPadding(planner, input);
      storeGradient(planner, `${name} gradient`, input, ({ f, sample, scratch }, target) => {
        f.call(move, { source: sampleAddress(gradient, sample, scratch), target });
        if (clear) f.call(clear, { address: target, end: endOf(target, { ...gradient, grid: input.grid }) });
      });
    });
  }

  /** An input's channels, where they are its own. */
  #part(index: number) {
    const { shape, grid } = this.inputs[index];
    const { pixels } = pixelsOf(grid);
    return { pixels, channels: shape[shape.length - 1], from: { pixel: grid.channels, offset: 0 } };
  }

  /** Where they are the output's. */
  #place(index: number) {
    const before = this.inputs.slice(0, index).reduce((sum, { shape }) => sum + shape[shape.length - 1], 0);
    return { pixel: this.output.grid.channels, offset: before };
  }
}
