import { emitZero } from "../../kernels/fill.js";
import { emitLstmStep, emitLstmStepGradient } from "../../kernels/lstm.js";
import { i32 } from "../../wasm/index.js";
import type { GroupContext } from "../jobs/group-jobs.js";
import type { BackContext, RecurrentCell, StepContext, StepRoom } from "./recurrent-cell.js";

/** The cell of an LSTM: both products meet in its gates. */
export class LstmCell implements RecurrentCell {
  readonly gates = 4;
  readonly carries = false;
  #cells!: StepRoom;
  #cellTanhs!: StepRoom;

  /** @param units padded */
  constructor(readonly units: number) {}

  open(makeRoom: () => StepRoom): void {
    this.#cells = makeRoom();
    this.#cellTanhs = makeRoom();
  }

  step({ planner, f, first, rooms, now, before }: StepContext): void {
    f.call(emitLstmStep(planner.emitter, this.units, { first, kept: planner.training }), {
      gates: now(rooms.gates),
      cellBefore: before(this.#cells),
      cell: now(this.#cells),
      cellTanh: now(this.#cellTanhs),
      hidden: now(rooms.hidden),
    });
  }

  back({ planner, hiddenGradient }: BackContext) {
    const { emitter, batch, workspace } = planner;
    const { bytes } = hiddenGradient;
    const cellGradient = workspace.allocate(batch * bytes);
    const zero = emitZero(emitter);
    return ({ f, sample }: GroupContext, samples: number) => {
      const cell = f.let(i32.add(i32.mul(sample, bytes), cellGradient));
      f.call(zero, { address: cell, end: i32.add(cell, samples * bytes) });
      return ({ first, rooms, now, before }: StepContext, row: number): void => {
        f.call(emitLstmStepGradient(emitter, this.units, first), {
          gates: now(rooms.gates),
          cellBefore: before(this.#cells),
          cellTanh: now(this.#cellTanhs),
          hiddenGradient: now(hiddenGradient),
          cellGradient: i32.add(cell, row * bytes),
        });
      };
    };
  }
}
