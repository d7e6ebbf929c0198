import { gridBytes } from "../../kernels/grid.js";
import { emitChannelProducts, emitMultiply, emitMultiplyChannels } from "../../kernels/multiply.js";
import { shapeSize } from "../../layers/shape.js";
import { type FunctionBuilder, type I32, i32 } from "../../wasm/index.js";
import { batchBuffer, type Node, type Planner, storeGradient } from "../plan/node.js";
import { pixelsOf, sampleAddress, type Tensor } from "../plan/tensor.js";

type Product = (
  f: FunctionBuilder,
  places: { readonly from: I32; readonly by: I32; readonly to: I32 },
) => void;

/** The product of two tensors of one layout, or of one with a number for each of its channels. */
export class MultiplyNode implements Node {
  /** The one that is as large as the output. */
  readonly #whole: Tensor;
  readonly #other: Tensor;
  readonly #perChannel: boolean;

  constructor(
    readonly name: string,
    a: Tensor,
    b: Tensor,
    readonly output: Tensor,
  ) {
    const [first, second] = [a, b].map(({ shape }) => shapeSize(shape));
    [this.#whole, this.#other] = first >= second ? [a, b] : [b, a];
    this.#perChannel = first !== second;
  }

  forward(planner: Planner): void {
    const { output } = this;
    const to = batchBuffer(planner, output.grid);
    output.values = to;
    const [from, by] = [this.#whole.values!, this.#other.values!];
    const multiply = this.#product(planner);
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      multiply(f, {
        from: sampleAddress(from, sample, scratch),
        by: sampleAddress(by, sample, scratch),
        to: f.let(sampleAddress(to, sample, scratch)),
      });
    });
  }

  /** Each one's gradient is the output's times the other. */
  backward(planner: Planner): void {
    const { output, name } = this;
    const { gradient } = output;
    if (!gradient) return;
    const [whole, other] = [this.#whole, this.#other];
    const multiply = this.#product(planner);
    if (whole.needsGradient) {
      const values = other.values!;
      storeGradient(planner, `${name} gradient`, whole, ({ f, sample, scratch }, to) => {
        const from = sampleAddress(gradient, sample, scratch);
        multiply(f, { from, by: sampleAddress(values, sample, scratch), to });
      });
    }
    if (!other.needsGradient) return;
    const values = whole.values!;
    const sum = this.#perChannel ? emitChannelProducts(planner.emitter, pixelsOf(output.grid)) : undefined;
    storeGradient(planner, `${name} gradient`, other, ({ f, sample, scratch }, to) => {
      const from = sampleAddress(gradient, sample, scratch);
      const by = sampleAddress(values, sample, scratch);
      if (sum) f.call(sum, { a: from, b: by, to });
      else multiply(f, { from, by, to });
    });
  }

  #product({ emitter }: Planner): Product {
    const { grid } = this.output;
    if (this.#perChannel) {
      const kernel = emitMultiplyChannels(emitter, pixelsOf(grid));
      return (f, places) => f.call(kernel, places);
    }
    const kernel = emitMultiply(emitter);
    return (f, { from: a, by: b, to: out }) =>
      f.call(kernel, { a, b, out, end: i32.add(out, gridBytes(grid)) });
  }
}
