import {
  type ActivationKind,
  emitActivation,
  emitActivationGradient,
  emitClearPadding,
} from "../../kernels/elementwise.js";
import type { Node, Planner } from "../plan/node.js";
import { endOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** An activation in place: its slope follows from its output. */
export class ActivationNode implements Node {
  constructor(
    readonly name: string,
    readonly output: Tensor,
    readonly kind: ActivationKind,
  ) {}

  forward(planner: Planner): void {
    const values = this.output.values!;
    const { shape, grid } = this.output;
    const channels = shape[shape.length - 1];
    const activate = emitActivation(planner.emitter, this.kind);
    const clear =
      this.kind === "sigmoid" && channels < grid.channels
        ? emitClearPadding(planner.emitter, channels)
        : undefined;
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      const address = f.let(sampleAddress(values, sample, scratch));
      f.call(activate, { address, end: endOf(address, values) });
      if (clear) f.call(clear, { address, end: endOf(address, values) });
    });
  }

  backward(planner: Planner): void {
    const { output } = this;
    if (!output.needsGradient) return;
    const slope = emitActivationGradient(planner.emitter, this.kind);
    const [values, gradients] = [output.values!, output.gradient!];
    planner.schedule.perSample(`${this.name} gradient`, ({ f, sample, scratch }) => {
      const gradient = f.let(sampleAddress(gradients, sample, scratch));
      f.call(slope, {
        gradient,
        end: endOf(gradient, gradients),
        output: sampleAddress(values, sample, scratch),
      });
    });
  }
}
