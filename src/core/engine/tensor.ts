import { type Grid, gridBytes } from "../kernels/convolution.js";
import type { Shape } from "../layers/layer.js";
import { type I32, type I32Like, i32 } from "../wasm/index.js";

/** Where one value a sample lies: in the arena, or for as long as a sample is worked on in a thread's scratch. */
export type Buffer =
  | { readonly place: "arena"; readonly address: number; readonly sampleBytes: number; readonly grid: Grid }
  | { readonly place: "scratch"; readonly offset: number; readonly sampleBytes: number; readonly grid: Grid };

export function sampleAddress(buffer: Buffer, sample: I32, scratch: I32): I32 {
  return buffer.place === "arena"
    ? i32.add(i32.mul(sample, buffer.sampleBytes), buffer.address)
    : i32.add(scratch, buffer.offset);
}

/** What flows between two nodes. */
export interface Tensor {
  /** Logical sizes without the batch axis. */
  readonly shape: Shape;
  readonly grid: Grid;
  /** False where nothing before it learns: then no gradient is computed for it. */
  readonly needsGradient: boolean;
  values: Buffer | undefined;
  gradient: Buffer | undefined;
  /** How the node that makes the tensor wants its gradient to lie, where it is not as its values. */
  gradientLayout?: { readonly grid: Grid; readonly transient: boolean };
}

/** A tensor nobody has made room for yet. */
export function newTensor(shape: Shape, grid: Grid, needsGradient: boolean): Tensor {
  return { shape, grid, needsGradient, values: undefined, gradient: undefined };
}

export const padded = (channels: number): number => Math.ceil(channels / 4) * 4;

/** How a shape lies in memory: channels last, padded to a multiple of four with zeros. */
export function gridOf(shape: Shape): Grid {
  const [height, width, channels] =
    shape.length === 3 ? shape : shape.length === 2 ? [shape[0], 1, shape[1]] : [1, 1, shape[0]];
  return { height, width, pitch: width, channels: padded(channels) };
}

export function arenaAddress(buffer: Buffer | undefined, what: string): number {
  if (buffer?.place !== "arena") throw new Error(`${what} is not kept in the arena.`);
  return buffer.address;
}

export const endOf = (address: I32Like, buffer: Buffer): I32 => i32.add(address, gridBytes(buffer.grid));
