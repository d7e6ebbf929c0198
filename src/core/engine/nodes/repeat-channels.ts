import {
  type ChannelRepeat,
  emitRepeatChannels,
  emitRepeatChannelsGradient,
} from "../../kernels/repeat-channels.js";
import { batchBuffer, type Node, type Planner, storeGradient } from "../plan/node.js";
import { pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** Every channel several times in a row, for a depthwise convolution that makes several of each. */
export class RepeatChannelsNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly times: number,
  ) {}

  forward(planner: Planner): void {
    const { input, output } = this;
    const from = input.values!;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const repeat = emitRepeatChannels(planner.emitter, this.#shape);
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      f.call(repeat, { from: sampleAddress(from, sample, scratch), to: sampleAddress(to, sample, scratch) });
    });
  }

  backward(planner: Planner): void {
    const { input, output } = this;
    const { gradient } = output;
    if (!gradient || !input.needsGradient) return;
    const sum = emitRepeatChannelsGradient(planner.emitter, this.#shape);
    storeGradient(planner, `${this.name} gradient`, input, ({ f, sample, scratch }, to) => {
      f.call(sum, { gradient: sampleAddress(gradient, sample, scratch), to });
    });
  }

  get #shape(): ChannelRepeat {
    const { input, output, times } = this;
    return {
      pixels: pixelsOf(input.grid).pixels,
      channels: input.shape[input.shape.length - 1],
      times,
      fromPixel: input.grid.channels,
      toPixel: output.grid.channels,
    };
  }
}
