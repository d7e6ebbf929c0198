import type { Arithmetic } from "./kernels/arithmetic.js";
import type { Tiling } from "./kernels/tiling.js";

/** A worker of the pool: told once what to run, then driven through shared memory alone. */
export interface PlatformWorker {
  /** Tells it something: it hears all of it, in order, once it runs. */
  postMessage(message: unknown): void;
  /** Called with what the worker says. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the worker has ended, or could not start, with the reason for people. */
  onExit(listener: (reason: string) => void): void;
  /** Resolves when it touches the network's memory no more. */
  terminate(): Promise<void>;
}

/** What the core needs of the place it runs in: Node's is in src/node/platform.ts. */
export interface Platform {
  /** Logical processors that the program may keep busy: no more than the processor time it is granted. */
  readonly cores: number;
  /** False where memory can't be shared between threads: then everything runs on one. */
  readonly sharedMemory: boolean;
  /** Bytes of memory that may still be taken; left out where nobody can tell. */
  availableMemory?(): number;
  /** Register tiles that suit the vectors of the runtime, by its arithmetic; left out where those are of 128 bits. */
  tiling?(arithmetic: Arithmetic): Tiling;
  /** Starts a thread that does what the engine posts to it. */
  startWorker(): PlatformWorker;
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Lets timers, signals and messages through between two steps. */
  yield(): Promise<void>;
}
