import { emitMoveChannels } from "../../kernels/move-channels.js";
import { batchBuffer, clearPadding, type Node, type Planner, storeGradient } from "../plan/node.js";
import { endOf, pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** Neighbouring channels of an input as tensors of their own, all of equally many. */
export class SplitChannelsNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly parts: readonly Tensor[],
  ) {}

  get output(): Tensor {
    return this.parts[0];
  }

  forward(planner: Planner): void {
    const { input, parts, name } = this;
    const from = input.values!;
    const moves = parts.map((part, index) => {
      const to = batchBuffer(planner, part.grid);
      part.values = to;
      const shape = { ...this.#sizes, from: this.#place(index), to: this.#own };
      return { to, move: emitMoveChannels(planner.emitter, shape), clear: clearPadding(planner, part) };
    });
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      for (const { to, move, clear } of moves) {
        const target = f.let(sampleAddress(to, sample, scratch));
        f.call(move, { source: sampleAddress(from, sample, scratch), target });
        if (clear) f.call(clear, { address: target, end: endOf(target, to) });
      }
    });
  }

  backward(planner: Planner): void {
    const { input, parts, name } = this;
    if (!input.needsGradient) return;
    const moves = parts.map((part, index) => {
      const shape = { ...this.#sizes, from: this.#own, to: this.#place(index) };
      return { gradient: part.gradient!, move: emitMoveChannels(planner.emitter, shape) };
    });
    const clear = clearPadding(planner, input);
    const { grid } = input;
    storeGradient(planner, `${name} gradient`, input, ({ f, sample, scratch }, target) => {
      for (const { gradient, move } of moves)
        f.call(move, { source: sampleAddress(gradient, sample, scratch), target });
      if (clear) f.call(clear, { address: target, end: endOf(target, { ...moves[0].gradient, grid }) });
    });
  }

  get #sizes() {
    const { shape, grid } = this.parts[0];
    return { pixels: pixelsOf(grid).pixels, channels: shape[shape.length - 1] };
  }

  /** A part's channels, where they are its own. */
  get #own() {
    return { pixel: this.parts[0].grid.channels, offset: 0 };
  }

  /** Where they are the input's. */
  #place(index: number) {
    return { pixel: this.input.grid.channels, offset: index * this.#sizes.channels };
  }
}
