import type { ActivationKind } from "../../kernels/activation.js";
import { type Grid, gridBytes } from "../../kernels/grid.js";
import type { Shape } from "../../layers/layer.js";
import { shapeSize } from "../../layers/shape.js";
import { type I32, type I32Like, i32 } from "../../wasm/index.js";

/** Where one value a sample lies: in the arena, or for as long as a sample is worked on in a thread's scratch. */
export type Buffer =
  | ({ readonly place: "arena"; readonly address: number } & Lying)
  | ({ readonly place: "scratch"; readonly offset: number } & Lying);

interface Lying {
  readonly sampleBytes: number;
  readonly grid: Grid;
  /** Called when it is used, so that its memory is kept for that long. */
  readonly touch?: () => void;
}

/** How a gradient lies that the node which made the tensor will read. */
export interface GradientLayout {
  readonly grid: Grid;
  /** Whether it is read in the chain that writes it, and not after. */
  readonly transient: boolean;
  /** Bytes of room before each sample's first number, for its reader. */
  readonly before?: number;
}

export function sampleAddress(buffer: Buffer, sample: I32, scratch: I32): I32 {
  return buffer.place === "arena"
    ? i32.add(i32.mul(sample, buffer.sampleBytes), buffer.address)
    : i32.add(scratch, buffer.offset);
}

/** What flows between nodes: one writes it, one or more read it. */
export class Tensor {
  /** The activation whose slope will be read from the tensor's memory, which must then keep what that needs. */
  slope: ActivationKind | undefined;
  /** Whether its only reader, a max-pool, has its ReLU still to do: the two commute. */
  reluAhead = false;
  /** How the node that makes the tensor wants its gradient to lie, where it is not as its values. */
  gradientLayout?: GradientLayout;
  #values: Buffer | undefined;
  #gradient: Buffer | undefined;

  /** A tensor nobody has made room for yet. */
  constructor(
    /** Logical sizes without the batch axis. */
    readonly shape: Shape,
    readonly grid: Grid,
    /** False where nothing before it learns: then no gradient is computed for it. */
    readonly needsGradient: boolean,
    /** How often it is read by what is still to be lowered, in the end by its last readers: one may overwrite it. */
    public readers = 1,
  ) {}

  /** Who asks for these places uses them now: the memory is kept for that long. */
  get values(): Buffer | undefined {
    return touched(this.#values);
  }

  set values(buffer: Buffer | undefined) {
    this.#values = buffer;
  }

  get gradient(): Buffer | undefined {
    return touched(this.#gradient);
  }

  set gradient(buffer: Buffer | undefined) {
    this.#gradient = buffer;
  }
}

function touched(buffer: Buffer | undefined): Buffer | undefined {
  buffer?.touch?.();
  return buffer;
}

export const padded = (channels: number): number => Math.ceil(channels / 4) * 4;

/** How a shape lies in memory: channels last, padded to a multiple of four with zeros. */
export function gridOf(shape: Shape): Grid {
  const channels = shape[shape.length - 1];
  const [height, width] = shape.length === 3 ? shape : [leading(shape), 1];
  return { height, width, pitch: width, channels: padded(channels) };
}

/** Of a sequence its steps, of a vector one; of more axes than an image's all but the last in a row. */
const leading = (shape: Shape): number => shapeSize(shape.slice(0, -1));

export function arenaAddress(buffer: Buffer | undefined, what: string): number {
  if (buffer?.place !== "arena") throw new Error(`${what} is not kept in the arena.`);
  return buffer.address;
}

export const endOf = (address: I32Like, buffer: Buffer): I32 => i32.add(address, gridBytes(buffer.grid));

/** A grid without gaps between its rows, as kernels that walk down the pixels see it. */
export function pixelsOf({ height, width, pitch, channels }: Grid): { pixels: number; channels: number } {
  if (pitch !== width) throw new Error("A walk down the pixels can't jump gaps between rows.");
  return { pixels: height * width, channels };
}
