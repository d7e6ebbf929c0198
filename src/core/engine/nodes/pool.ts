import { emitPool, emitPoolGradient, type PoolShape, winnerBytes } from "../../kernels/pool.js";
import { type I32, i32 } from "../../wasm/index.js";
import { batchBuffer, gradientShare, type Node, type Planner } from "../plan/node.js";
import { type Buffer, sampleAddress, type Tensor } from "../plan/tensor.js";

/** A max- or average-pool. */
export class PoolNode implements Node {
  readonly readsBack = "never";
  /** Where every window's winner is noted, and what says that it is still needed. */
  #winners = { address: 0, touch: (): void => undefined };

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
    if (keepWinners) this.#winners = this.#roomForWinners(planner);
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
    const { input, name } = this;
    if (!input.needsGradient) return;
    const { to, adds } = gradientShare(planner, input);
    this.#sendBack(planner, `${name} gradient`, to, adds);
  }

  /** Sends it back once more, to an input that nothing else reads. */
  gradientAgain(planner: Planner): void {
    const { input, name } = this;
    input.gradient = batchBuffer(planner, input.grid);
    this.#sendBack(planner, `${name} gradient again`, input.gradient, false);
  }

  #sendBack(planner: Planner, name: string, to: Buffer, adds: boolean): void {
    const { output, options } = this;
    const shape = { ...options, input: to.grid, output: output.grid };
    const pool = emitPoolGradient(planner.emitter, shape, adds);
    const gradient = output.gradient!;
    this.#winners.touch();
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      f.call(pool, {
        gradient: sampleAddress(gradient, sample, scratch),
        winners: this.#winnersOf(sample),
        to: sampleAddress(to, sample, scratch),
      });
    });
  }

  #roomForWinners({ workspace, batch }: Planner) {
    const bytes = this.#winnerBytes;
    const { room, place } = workspace.allocateShared(bytes, bytes * batch);
    return { address: place.at, touch: () => workspace.touch(room) };
  }

  get #winnerBytes(): number {
    return winnerBytes({ ...this.options, output: this.output.grid });
  }

  #winnersOf(sample: I32): I32 {
    return i32.add(i32.mul(sample, this.#winnerBytes), this.#winners.address);
  }
}
