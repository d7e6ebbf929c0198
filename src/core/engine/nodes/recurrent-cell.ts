import type { FunctionBuilder, I32 } from "../../wasm/index.js";
import type { GroupContext } from "../jobs/group-jobs.js";
import type { Planner } from "../plan/node.js";
import type { PackedParameter } from "../plan/parameters.js";

/** Where something is kept of every step and sample, [T][N][bytes]. */
export interface StepRoom {
  readonly address: number;
  readonly bytes: number;
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
  /** The row of this step in a room, and of the one that was read before it. */
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
