import { emitZero } from "../../kernels/fill.js";
import { f32, i32 } from "../../wasm/index.js";
import { batchBuffer, gradientShare, type Node, type Planner } from "../plan/node.js";
import { arenaAddress, endOf, sampleAddress, type Tensor } from "../plan/tensor.js";
import { rowAt, type StepRoom } from "./recurrent-cell.js";
import type { RecurrentDirection } from "./recurrent-direction.js";

/** A recurrent layer, or one along each direction side by side with the outputs joined. */
export class RecurrentNode implements Node {
  constructor(
    readonly name: string,
    readonly input: Tensor,
    readonly output: Tensor,
    readonly directions: readonly RecurrentDirection[],
    /** Units before padding. */
    readonly units: number,
    readonly returnSequences: boolean,
  ) {}

  forward(planner: Planner): void {
    const { input, output, directions, returnSequences } = this;
    const { schedule } = planner;
    const from = arenaAddress(input.values, `${this.name}'s input`);
    output.values = batchBuffer(planner, output.grid);
    for (const direction of directions) direction.open(planner, returnSequences);
    const ahead = directions.filter(({ takesInputStepwise }) => !takesInputStepwise);
    if (ahead.length > 0) schedule.stage(ahead.map((direction) => direction.inputJob(planner, from)));
    schedule.stage(directions.map((direction) => direction.forwardJob(planner, from)));
    this.#copy(planner, `${this.name} output`, directions, (direction) => direction.hidden, false);
  }

  backward(planner: Planner): void {
    const { input, output, directions, returnSequences } = this;
    const { schedule } = planner;
    if (!output.gradient) return;
    const from = arenaAddress(input.values, `${this.name}'s input`);
    // One that is frozen and reads images alone, say.
    const working = directions.filter(({ trained }) => trained || input.needsGradient);
    for (const direction of working) direction.openGradient(planner);
    const gradientsOf = (direction: RecurrentDirection) => direction.hiddenGradient;
    this.#copy(planner, `${this.name} output gradient`, working, gradientsOf, true);
    schedule.stage(working.map((direction) => direction.backwardJob(planner, returnSequences)));
    for (const direction of working) if (direction.trained) direction.addGradients(planner, from);
    if (!input.needsGradient) return;
    const { to, adds } = gradientShare(planner, input);
    const target = arenaAddress(to, `${this.name}'s input gradient`);
    directions.forEach((direction, index) => {
      schedule.stage([direction.inputGradientJob(planner, target, adds || index > 0)]);
    });
  }

  /** Between the time-major hidden states and the output [T][units of both], or the last step read. */
  #copy(
    planner: Planner,
    name: string,
    of: readonly RecurrentDirection[],
    states: (direction: RecurrentDirection) => StepRoom,
    back: boolean,
  ): void {
    const { output, directions, units, returnSequences } = this;
    const buffer = back ? output.gradient! : output.values!;
    const channels = output.grid.channels;
    const zero = emitZero(planner.emitter);
    planner.schedule.perSample(name, ({ f, sample, scratch }) => {
      const joined = f.let(sampleAddress(buffer, sample, scratch));
      if (!back) f.call(zero, { address: joined, end: endOf(joined, buffer) });
      for (const direction of of) {
        const index = directions.indexOf(direction);
        const { steps, reverse, units: paddedUnits } = direction.options;
        const lastRead = reverse ? 0 : steps - 1;
        const times = returnSequences ? { from: 0, to: steps } : { from: lastRead, to: lastRead + 1 };
        f.for(times, (time) => {
          const state = f.let(rowAt(planner.batch, states(direction), time, sample));
          const row = returnSequences ? i32.mul(time, channels * 4) : i32.const(0);
          const place = f.let(i32.add(i32.add(joined, row), index * units * 4));
          const [source, target] = back ? [place, state] : [state, place];
          if (back) f.call(zero, { address: state, end: i32.add(state, paddedUnits * 4) });
          f.for({ to: units * 4, step: 4 }, (number) => {
            f.do(f32.store(i32.add(target, number), f32.load(i32.add(source, number))));
          });
        });
      }
    });
  }
}
