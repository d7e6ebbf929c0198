import type { Node, Planner } from "../plan/node.js";
import type { Tensor } from "../plan/tensor.js";

/** Stands where a tensor that is not kept is needed on the way back: its makers make it again in the thread's scratch. */
export class RemadeNode implements Node {
  readonly name: string;
  readonly output: Tensor;

  /** @param makers in their order; what the first reads is kept */
  constructor(readonly makers: readonly Node[]) {
    const { name, output } = makers.at(-1)!;
    this.name = `${name} again`;
    this.output = output;
  }

  forward(): void {}

  backward(planner: Planner): void {
    for (const maker of this.makers) maker.again?.(planner);
  }
}
