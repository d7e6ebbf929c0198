import { emitChannelMeans, emitChannelMeansGradient } from "../../kernels/channels.js";
import { batchBuffer, gradientShare, type Node, type Planner } from "../plan/node.js";
import { pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** The mean of each channel over the image. */
export class GlobalAveragePoolNode implements Node {
  readonly readsBack = "never";

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
  ) {}

  forward(planner: Planner): void {
    const { input, output, name } = this;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const from = input.values!;
    const means = emitChannelMeans(planner.emitter, pixelsOf(from.grid));
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      f.call(means, { from: sampleAddress(from, sample, scratch), to: sampleAddress(to, sample, scratch) });
    });
  }

  backward(planner: Planner): void {
    const { input, output, name } = this;
    if (!input.needsGradient) return;
    const { to, adds } = gradientShare(planner, input);
    const gradient = output.gradient!;
    const share = emitChannelMeansGradient(planner.emitter, pixelsOf(to.grid), adds);
    planner.schedule.perSample(`${name} gradient`, ({ f, sample, scratch }) => {
      const from = sampleAddress(gradient, sample, scratch);
      f.call(share, { gradient: from, to: sampleAddress(to, sample, scratch) });
    });
  }
}
