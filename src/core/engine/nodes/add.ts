import { emitAdd } from "../../kernels/add.js";
import { emitCopy } from "../../kernels/copy.js";
import { batchBuffer, gradientShare, type Node, type Planner } from "../plan/node.js";
import { endOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** The sum of two or more tensors of one layout; one of them may be there twice. */
export class AddNode implements Node {
  constructor(
    readonly name: string,
    readonly inputs: readonly Tensor[],
    readonly output: Tensor,
  ) {}

  forward(planner: Planner): void {
    const { inputs, output, name } = this;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const add = emitAdd(planner.emitter);
    const [first, ...others] = inputs.map(({ values }) => values!);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      const sum = f.let(sampleAddress(to, sample, scratch));
      others.forEach((other, index) => {
        const before = index === 0 ? sampleAddress(first, sample, scratch) : sum;
        f.call(add, { a: before, b: sampleAddress(other, sample, scratch), out: sum, end: endOf(sum, to) });
      });
    });
  }

  /** Each input's gradient is the output's; one input that nothing else has written to yet takes it over as it is. */
  backward(planner: Planner): void {
    const { inputs, output, name } = this;
    const gradient = output.gradient;
    if (!gradient) return;
    const learning = inputs.filter(({ needsGradient }) => needsGradient);
    const heir = learning.findLast(
      (input) =>
        !input.gradient && !input.gradientLayout && learning.indexOf(input) === learning.lastIndexOf(input),
    );
    const [add, copy] = [emitAdd(planner.emitter), emitCopy(planner.emitter)];
    for (const input of learning) {
      if (input === heir) continue;
      const { to, adds } = gradientShare(planner, input);
      planner.schedule.perSample(`${name} gradient`, ({ f, sample, scratch }) => {
        const from = sampleAddress(gradient, sample, scratch);
        const target = f.let(sampleAddress(to, sample, scratch));
        if (adds) f.call(add, { a: target, b: from, out: target, end: endOf(target, to) });
        else f.call(copy, { from, to: target, end: endOf(target, to) });
      });
    }
    if (heir) heir.gradient = gradient;
  }
}
