import type { Tiling } from "./kernels/tiling.js";

/** A worker of the pool: told once what to run, then driven through shared memory alone. */
export interface PlatformWorker {
  /** Tells it something: it hears all of it, in order, once it runs. */
  postMessage(message: unknown): void;
  /** Called with what the worker says. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the worker has ended, or could not start, with the reason for people. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it; resolves when it touches the network's memory no more. */
  terminate(): Promise<void>;
  /**
   * Takes the network from it and keeps it for another; resolves when it touches the network's memory no more. Left out
   * where none is kept.
   */
  leave?(): Promise<void>;
}

/** How many bits the engine's vector operations work on at once. No result depends on it. */
export interface VectorWidth {
  readonly bits: 128 | 256;
  /** Why they are not wider, as the end of a sentence. */
  readonly why?: string;
  /** True where the runtime joined pairs and came to other results: a fault of the runtime that is worth a report. */
  readonly differs?: boolean;
}

/** What the core needs of the place it runs in: Node's is in src/node/platform.ts. */
export interface Platform {
  /** Logical processors that the program may keep busy: no more than the processor time it is granted. */
  readonly cores: number;
  /** False where memory can't be shared between threads: then everything runs on one. */
  readonly sharedMemory: boolean;
  /** Bytes of memory that may still be taken; left out where nobody can tell. */
  availableMemory?(): number;
  /**
   * Register tiles that suit the vectors of the runtime, where multiply and add are fused or not; left out where those
   * vectors are of 128 bits.
   */
  tiling?(fused: boolean): Tiling;
  /** How wide those vectors are in this process, so far; left out where they are of 128 bits. */
  vectorWidth?(): VectorWidth;
  /** Has the runtime join pairs of 128-bit operations, for all networks made from now on, where it can and is right. */
  widenVectors?(): VectorWidth;
  /** Starts a thread that does what the engine posts to it. */
  startWorker(): PlatformWorker;
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Lets timers, signals and messages through between two steps. */
  yield(): Promise<void>;
}
