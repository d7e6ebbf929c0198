import { emitAdd } from "../../kernels/add.js";
import type { Emitter } from "../../kernels/emitter.js";
import { emitClearPadding } from "../../kernels/fill.js";
import { type Grid, gridBytes, oddLines } from "../../kernels/grid.js";
import type { I32 } from "../../wasm/index.js";
import type { PackedParameter } from "./parameters.js";
import type { Job, SampleContext, StepSchedule } from "./step-schedule.js";
import { type Buffer, endOf, sampleAddress, type Tensor } from "./tensor.js";
import type { Place, Workspace } from "./workspace.js";

/** What nodes plan and emit one program with: a batch size, forward alone or a whole training step. */
export interface Planner {
  readonly emitter: Emitter;
  readonly schedule: StepSchedule;
  readonly workspace: Workspace;
  readonly batch: number;
  readonly training: boolean;
  /** Addresses of the flat parameter vector and of its gradient. */
  readonly parameters: number;
  readonly gradients: number;
  /** Gradients that are added to, and must be zero when the step begins. */
  readonly clears: { readonly address: number; readonly bytes: number }[];
  /**
   * Puts off a job that needs all samples, a product of inputs with gradients, until others can be done beside it.
   * @param reads addresses of the rooms that it reads
   */
  later(job: Job, ...reads: readonly number[]): void;
  /** Says that the next stage changes numbers of the model: a step that breaks off from there on leaves it torn. */
  changesModel(): void;
  /** Address of this step's key for the dropout of a layer. */
  dropoutKey(layerIndex: number): number;
}

/** A piece of the network as the engine runs it. `backward` is called in reverse order, after all `forward`s. */
export interface Node {
  readonly name: string;
  /** What it reads, where that is one tensor. */
  readonly input?: Tensor;
  readonly output: Tensor;
  /** How `backward` reads the input's values: in one chain, sample by sample, or never; undefined where otherwise. */
  readonly readsBack?: "in chain" | "never";
  forward(planner: Planner): void;
  /** What comes before `backward`, where what it alone reads need not be kept for that. */
  backwardFirst?(planner: Planner): void;
  backward(planner: Planner): void;
  /**
   * Makes the output's values once more on the way back, sample by sample and to the same bytes, from what is kept
   * until then; missing where that is not so.
   */
  again?(planner: Planner): void;
}

/** Room for one value a sample over the whole batch, or in scratch where nothing but one chain uses it. */
export function batchBuffer(planner: Planner, grid: Grid, before = 0): Buffer {
  const { workspace, batch } = planner;
  const stride = oddLines(gridBytes(grid) + before);
  const { room, place } = workspace.allocateShared(stride, stride * batch);
  return bufferAt(planner, grid, room, place, before);
}

/** Room in the thread's scratch while one sample is worked on. */
export function scratchBuffer(planner: Planner, grid: Grid, before = 0): Buffer {
  const { room, place } = planner.workspace.allocateShared(gridBytes(grid) + before);
  return bufferAt(planner, grid, room, place, before);
}

function bufferAt(
  { workspace }: Planner,
  grid: Grid,
  room: number,
  { where, at }: Place,
  before: number,
): Buffer {
  const touch = () => workspace.touch(room);
  const bytes = gridBytes(grid) + before;
  return where === "scratch"
    ? { place: where, offset: at + before, sampleBytes: bytes, grid, touch }
    : { place: where, address: at + before, sampleBytes: oddLines(bytes), grid, touch };
}

/** What zeroes the padding of a tensor's pixels, [address, end), where they have any. */
export function clearPadding({ emitter }: Planner, { shape, grid }: Pick<Tensor, "shape" | "grid">) {
  const channels = shape[shape.length - 1];
  return channels < grid.channels ? emitClearPadding(emitter, channels) : undefined;
}

/** The place of a tensor's gradient; whoever writes it first makes the room. */
export function gradientOf(planner: Planner, tensor: Tensor): Buffer {
  tensor.gradient ??= makeGradient(planner, tensor);
  return tensor.gradient;
}

function makeGradient(planner: Planner, tensor: Tensor): Buffer {
  const { grid, transient, before } = tensor.gradientLayout ?? { grid: tensor.grid, transient: false };
  return transient ? scratchBuffer(planner, grid, before) : batchBuffer(planner, grid, before);
}

/**
 * The place of a tensor's gradient for one of its readers, and whether another reader's share is there already:
 * then this one's is added to it.
 */
export function gradientShare(
  planner: Planner,
  tensor: Tensor,
): { readonly to: Buffer; readonly adds: boolean } {
  const adds = tensor.gradient !== undefined;
  return { to: gradientOf(planner, tensor), adds };
}

/** Where a tensor's gradient goes, and how many numbers it holds. */
export interface GradientTarget {
  readonly address: number;
  readonly numbers: number;
}

/** Of a tensor that is kept, where nobody reads it: some kernels make a layer's gradients together. */
export const gradientTarget = (
  { gradients, workspace }: Planner,
  { offset, length, kept }: PackedParameter,
): GradientTarget => ({
  address: kept ? workspace.allocate(length * 4, "to the end") : gradients + offset * 4,
  numbers: length,
});

/**
 * Adds the work that writes one reader's share of a tensor's gradient, sample by sample, for kernels that store:
 * where another share is there already, they store beside it and the two are added.
 */
export function storeGradient(
  planner: Planner,
  name: string,
  tensor: Tensor,
  write: (context: SampleContext, to: I32) => void,
): void {
  const { to, adds } = gradientShare(planner, tensor);
  const target = adds ? scratchBuffer(planner, to.grid) : to;
  const add = emitAdd(planner.emitter);
  planner.schedule.perSample(name, (context) => {
    const { f, sample, scratch } = context;
    const share = f.let(sampleAddress(target, sample, scratch));
    write(context, share);
    if (!adds) return;
    const sum = f.let(sampleAddress(to, sample, scratch));
    f.call(add, { a: sum, b: share, out: sum, end: endOf(sum, to) });
  });
}
