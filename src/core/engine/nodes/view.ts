import { gradientOf, type Node, type Planner } from "../plan/node.js";
import type { Tensor } from "../plan/tensor.js";

/** The same numbers in the same places under another shape. */
export class ViewNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
  ) {}

  forward(): void {
    this.output.values = { ...this.input.values!, grid: this.output.grid };
  }

  backward(planner: Planner): void {
    if (!this.input.needsGradient) return;
    this.input.gradient = { ...gradientOf(planner, this.output), grid: this.input.grid };
  }
}
