import {
  type ActivationSettings,
  activationFacts,
  emitActivation,
  emitActivationApart,
  emitActivationGradient,
  emitActivationGradientApart,
} from "../../kernels/activation.js";
import { batchBuffer, clearPadding, type Node, type Planner, storeGradient } from "../plan/node.js";
import { endOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** An activation in place: in training one whose slope follows from its output. */
export class ActivationNode implements Node {
  constructor(
    readonly name: string,
    readonly output: Tensor,
    readonly settings: ActivationSettings,
  ) {}

  forward(planner: Planner): void {
    this.#activate(planner, this.name);
  }

  again(planner: Planner): void {
    this.#activate(planner, `${this.name} again`);
  }

  #activate(planner: Planner, name: string): void {
    const values = this.output.values!;
    const activate = emitActivation(planner.emitter, this.settings);
    const clear = clearedAfter(planner, this.output, this.settings);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      const address = f.let(sampleAddress(values, sample, scratch));
      f.call(activate, { address, end: endOf(address, values) });
      if (clear) f.call(clear, { address, end: endOf(address, values) });
    });
  }

  backward(planner: Planner): void {
    const { output } = this;
    if (!output.needsGradient) return;
    const slope = emitActivationGradient(planner.emitter, this.settings);
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

/** An activation whose slope follows from its input, which is kept until then. */
export class ApartActivationNode implements Node {
  readonly readsBack = "in chain";

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly settings: ActivationSettings,
  ) {}

  forward(planner: Planner): void {
    const { input, output, settings } = this;
    const from = input.values!;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const activate = emitActivationApart(planner.emitter, settings);
    const clear = clearedAfter(planner, output, settings);
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      const [source, target] = [from, to].map((buffer) => f.let(sampleAddress(buffer, sample, scratch)));
      f.call(activate, { from: source, end: endOf(source, from), to: target });
      if (clear) f.call(clear, { address: target, end: endOf(target, to) });
    });
  }

  backward(planner: Planner): void {
    const { input, output, settings } = this;
    if (!input.needsGradient) return;
    const slope = emitActivationGradientApart(planner.emitter, settings);
    const [values, gradients] = [input.values!, output.gradient!];
    storeGradient(planner, `${this.name} gradient`, input, ({ f, sample, scratch }, to) => {
      const gradient = f.let(sampleAddress(gradients, sample, scratch));
      f.call(slope, {
        gradient,
        end: endOf(gradient, gradients),
        input: sampleAddress(values, sample, scratch),
        to,
      });
    });
  }
}

/** What makes the padding of an output zero again, where the activation of zero is something else. */
const clearedAfter = (planner: Planner, output: Tensor, { kind }: ActivationSettings) =>
  activationFacts(kind).keepsZero ? undefined : clearPadding(planner, output);
