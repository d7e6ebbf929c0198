import { emitGruStep, emitGruStepGradient } from "../../kernels/gru.js";
import type { PackedParameter } from "../plan/parameters.js";
import type { BackContext, RecurrentCell, StepContext } from "./recurrent-cell.js";

/** The cell of a GRU: its reset gate weighs a sum of the recurrent product, which so is kept apart from the input's. */
export class GruCell implements RecurrentCell {
  readonly gates = 3;
  readonly carries = true;

  /** @param units padded */
  constructor(
    readonly units: number,
    readonly recurrentBias: PackedParameter,
  ) {}

  open(): void {}

  step({ planner, f, first, rooms, now, before }: StepContext): void {
    f.call(emitGruStep(planner.emitter, this.units, { first, kept: planner.training }), {
      gates: now(rooms.gates),
      recurrent: now(rooms.recurrent),
      recurrentBias: planner.parameters + this.recurrentBias.offset * 4,
      hiddenBefore: before(rooms.hidden),
      hidden: now(rooms.hidden),
    });
  }

  back({ planner, hiddenGradient, sequences }: BackContext) {
    return () =>
      ({ f, first, rooms, now, before }: StepContext): void => {
        f.call(emitGruStepGradient(planner.emitter, this.units, { first, adds: sequences }), {
          gates: now(rooms.gates),
          recurrent: now(rooms.recurrent),
          hiddenBefore: before(rooms.hidden),
          hiddenGradient: now(hiddenGradient),
          gradientBefore: before(hiddenGradient),
        });
      };
  }
}
