import { type FunctionBuilder, type I32, i32 } from "../../wasm/index.js";
import type { GroupContext } from "../jobs/group-jobs.js";
import type { Planner } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";

/** Where something is kept of every step and sample, [T][N][bytes], or of the last step alone, [N][bytes]. */
export interface StepRoom {
  readonly address: number;
  readonly bytes: number;
  /** Whether steps have rows of their own: else each takes the place of the one before. */
  readonly everyStep: boolean;
}

/** Address of a sample's row at a step. */
export function rowAt(batch: number, { address, bytes, everyStep }: StepRoom, time: I32, sample: I32): I32 {
  const row = everyStep ? i32.add(i32.mul(time, batch), sample) : sample;
  return i32.add(i32.mul(row, bytes), address);
}

/** What a direction keeps, whatever its cell. */
export interface DirectionRooms {
  /** The sums W·x + b; the cell makes of them what it likes, and on the way back their gradients. */
  readonly gates: StepRoom;
  /** The recurrent product's sums, and on the way back their gradients: the gates, or a room of its own. */
  readonly recurrent: StepRoom;
  readonly hidden: StepRoom;
}

/** One step of one sample. */
export interface StepContext {
  readonly planner: Planner;
  readonly f: FunctionBuilder;
  /** Whether nothing was read before it: then the state is zero, and no recurrent product comes first. */
  readonly first: boolean;
  readonly rooms: DirectionRooms;
  /**
   * The row of this step in a room, and of the one that was read before it: one and the same where no step is kept, so
   * what was before is read before it is written over, number by number.
   */
  now(room: StepRoom): I32;
  before(room: StepRoom): I32;
}

/** Where a way back begins. */
export interface BackContext {
  readonly planner: Planner;
  /** Of every step's output where `sequences`, else of the last one read alone. */
  readonly hiddenGradient: StepRoom;
  readonly sequences: boolean;
}

/** What a step of a recurrent layer does beside its products. */
export interface RecurrentCell {
  /** Blocks of units in the kernels and the bias. */
  readonly gates: number;
  /** The recurrent product's own bias, where its sums are kept apart from the input's. */
  readonly recurrentBias?: PackedParameter;
  /** Whether a step back leaves a gradient with the state before it, which the product's is added to. */
  readonly carries: boolean;
  /** Makes room for what else its steps leave for the way back. */
  open(makeRoom: () => StepRoom): void;
  /** Emits a step, behind its products. */
  step(context: StepContext): void;
  /**
   * Gives what emits the beginning of a task on so many samples, which gives what emits a step back of one of them,
   * counted from 0. It leaves the gradients of the sums where these were.
   */
  back(
    context: BackContext,
  ): (group: GroupContext, samples: number) => (step: StepContext, row: number) => void;
}
