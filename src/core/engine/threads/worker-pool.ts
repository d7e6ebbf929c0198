import type { PlatformWorker } from "../../platform.js";
import type { SharedMemory } from "./memory.js";
import { left, type WorkerMessage } from "./worker-loop.js";

/** A thread of a platform that runs `createWorkerLoop`, from the outside. */
export interface EngineThread {
  postMessage(message: WorkerMessage): void;
  /** Ends it; resolves when it has ended, or at once where nobody can tell. */
  terminate(): Promise<void>;
}

/** What a platform tells of a thread. */
export interface ThreadEvents {
  message(message: unknown): void;
  /** It has ended, or could not start; the reason is for people. */
  exit(reason: string): void;
}

/** How a platform has its threads. */
export interface WorkerPoolOptions {
  start(events: ThreadEvents): EngineThread;
  /** Calls `then` after so many milliseconds, unless what it returns is called before. */
  later(milliseconds: number, then: () => void): () => void;
  /** Whether a thread touches no memory once `terminate` has resolved: else it is asked to leave first. */
  readonly endsAtOnce: boolean;
  /** Threads that rest, at most. */
  readonly mostResting: number;
  /**
   * Bytes of memory that a thread has served, at most, if it is to rest: it may hold what it has left until it
   * collects it, which a thread that does nothing never does.
   */
  readonly mostBytes: number;
}

/** Milliseconds that a thread has to leave what it does before it is ended as it is. */
const leaveLimit = 5_000;

/** A thread, and those who hear of it: one network at a time. */
interface Seat {
  readonly thread: EngineThread;
  readonly onMessage: ((message: unknown) => void)[];
  readonly onExit: ((reason: string) => void)[];
  /** Why it has ended. */
  ended?: string;
  /** Bytes of the memories that it has served. */
  bytes: number;
}

/**
 * Threads that serve one network after the other. To start one takes some 50 ms, most of a small network's making; and
 * a browser ends a worker some time after it was told to and doesn't say when, so that one which is to touch a memory no
 * more must be asked to leave it anyway.
 */
export class WorkerPool {
  readonly #resting: Seat[] = [];

  constructor(private readonly options: WorkerPoolOptions) {}

  /** A thread that rests, or a new one. */
  readonly startWorker = (): PlatformWorker => {
    const seat = this.#resting.pop() ?? this.#start();
    let memory: SharedMemory | undefined;
    let leaving: Promise<void> | undefined;
    const leave = (): Promise<void> => {
      leaving ??= this.#leave(seat, () => memory?.buffer.byteLength ?? 0);
      return leaving;
    };
    return {
      postMessage: (message) => {
        // What a closed network still says would be heard by none, or by the next.
        if (leaving) return;
        const told = message as WorkerMessage;
        if (told.kind === "memory") memory = told.memory;
        seat.thread.postMessage(told);
      },
      onMessage: (listener) => seat.onMessage.push(listener),
      onExit: (listener) => seat.onExit.push(listener),
      leave,
      terminate: () => {
        if (this.options.endsAtOnce) leaving ??= seat.thread.terminate();
        return leave();
      },
    };
  };

  /** Ends the threads that no network uses; resolves when they have ended, as far as the platform can tell. */
  async endResting(): Promise<void> {
    await Promise.all(this.#resting.splice(0).map(({ thread }) => thread.terminate()));
  }

  /** How many rest. */
  get resting(): number {
    return this.#resting.length;
  }

  #start(): Seat {
    const onMessage: Seat["onMessage"] = [];
    const onExit: Seat["onExit"] = [];
    const thread = this.options.start({
      message: (message) => {
        for (const hear of [...onMessage]) hear(message);
      },
      exit: (reason) => {
        seat.ended = reason;
        const place = this.#resting.indexOf(seat);
        if (place >= 0) this.#resting.splice(place, 1);
        for (const hear of [...onExit]) hear(reason);
      },
    });
    const seat: Seat = { thread, onMessage, onExit, bytes: 0 };
    return seat;
  }

  async #leave(seat: Seat, bytes: () => number): Promise<void> {
    const { later, mostResting, mostBytes } = this.options;
    if (seat.ended === undefined) {
      const gone = new Promise<void>((resolve) => {
        seat.onMessage.push((message) => message === left && resolve());
        seat.onExit.push(() => resolve());
      });
      const cancel = later(leaveLimit, () => {
        // It may yet say that it has left, but is ending by then.
        seat.ended ??= "it didn't leave in time";
        void seat.thread.terminate();
      });
      seat.thread.postMessage({ kind: "leave" });
      await gone;
      cancel();
    }
    seat.onMessage.length = 0;
    seat.bytes += bytes();
    if (seat.ended !== undefined) return;
    if (seat.bytes > mostBytes || this.#resting.length >= mostResting) return seat.thread.terminate();
    seat.onExit.length = 0;
    this.#resting.push(seat);
  }
}
