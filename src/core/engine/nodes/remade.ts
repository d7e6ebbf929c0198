import type { Node, Planner } from "../plan/node.js";
import type { Tensor } from "../plan/tensor.js";

/**
 * Stands behind the only reader of a tensor that is cheaper to make twice than to keep: on the way back, before that
 * reader's turn, its makers make it again in the thread's scratch.
 */
export class RemadeNode implements Node {
  readonly name: string;
  readonly output: Tensor;

  constructor(
    /** In their order; what the first reads is kept. */
    readonly makers: readonly Node[],
    reader: Node,
  ) {
    this.name = `${makers.at(-1)!.name} again`;
    this.output = reader.output;
  }

  forward(): void {}

  backward(planner: Planner): void {
    if (!this.output.gradient) return;
    for (const maker of this.makers) maker.again!(planner);
  }
}
