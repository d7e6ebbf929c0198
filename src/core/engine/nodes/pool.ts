import { emitPool, emitPoolGradient, type PoolShape, winnerBytes } from "../../kernels/pool.js";
import { type I32, i32 } from "../../wasm/index.js";
import { batchBuffer, gradientShare, type Node, type Planner } from "../plan/node.js";
import { sampleAddress, type Tensor } from "../plan/tensor.js";

/** A max- or average-pool. */
export class PoolNode implements Node {
  #winners = 0;

  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly options: Pick<PoolShape, "kind" | "poolSize" | "strides">,
  ) {}

  forward(planner: Planner): void {
    const { input, output, options } = this;
    output.values = batchBuffer(planner, output.grid);
    const [from, to] = [input.values!, output.values];
    const keepWinners = planner.training && input.needsGradient && options.kind === "max";
    if (keepWinners) this.#winners = planner.workspace.allocate(this.#winnerBytes * planner.batch);
    const pool = emitPool(
      planner.emitter,
      { ...options, input: input.grid, output: output.grid },
      keepWinners,
    );
    planner.schedule.perSample(this.name, ({ f, sample, scratch }) => {
      f.call(pool, {
        from: sampleAddress(from, sample, scratch),
        to: sampleAddress(to, sample, scratch),
        winners: this.#winnersOf(sample),
      });
    });
  }

  backward(planner: Planner): void {
    const { input, output, options } = this;
    if (!input.needsGradient) return;
    const { to, adds } = gradientShare(planner, input);
    const shape = { ...options, input: to.grid, output: output.grid };
    const pool = emitPoolGradient(planner.emitter, shape, adds);
    const gradient = output.gradient!;
    planner.schedule.perSample(`${this.name} gradient`, ({ f, sample, scratch }) => {
      f.call(pool, {
        gradient: sampleAddress(gradient, sample, scratch),
        winners: this.#winnersOf(sample),
        to: sampleAddress(to, sample, scratch),
      });
    });
  }

  get #winnerBytes(): number {
    return winnerBytes({ ...this.options, output: this.output.grid });
  }

  #winnersOf(sample: I32): I32 {
    return i32.add(i32.mul(sample, this.#winnerBytes), this.#winners);
  }
}
