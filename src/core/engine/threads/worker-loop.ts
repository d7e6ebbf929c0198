import { control, failure } from "../control.js";
import { nanosecondClock } from "../step-timer.js";
import { writeFailureMessage } from "./failure-message.js";
import type { SharedMemory } from "./memory.js";

/** What the leading thread tells a worker. */
export type WorkerMessage =
  | {
      readonly kind: "memory";
      readonly memory: SharedMemory;
      readonly thread: number;
      /** Milliseconds to look for the next command before sleeping. */
      readonly idle: number;
    }
  | { readonly kind: "program"; readonly id: number; readonly module: object }
  /** Serve commands after this generation, until told to leave. */
  | { readonly kind: "enter"; readonly generation: number }
  /** Forget this network, and answer `left`. */
  | { readonly kind: "leave" };

/** A worker's answer once it touches its network's memory no more. */
export const left = "left";

/** Longest sleep, milliseconds, before looking again. */
const slice = 1_000;

/**
 * A worker's whole life, with one network after the other: give what it returns every message, and `post` answers. Steps
 * are timed by the clock `now`, milliseconds.
 */
export function createWorkerLoop(
  post: (message: unknown) => void,
  now: () => number = Date.now,
): (message: WorkerMessage) => void {
  let hear = createNetworkLoop(post, now);
  return (message) => {
    if (message.kind !== "leave") return hear(message);
    // Memory and programs go with the loop that knew them.
    hear = createNetworkLoop(post, now);
    post(left);
  };
}

type NetworkMessage = Exclude<WorkerMessage, { kind: "leave" }>;

/** A worker's part in one network. */
function createNetworkLoop(
  post: (message: unknown) => void,
  now: () => number,
): (message: NetworkMessage) => void {
  const nanoseconds = nanosecondClock(now);
  let memory: SharedMemory;
  let words: Int32Array;
  let thread = 0;
  /** Milliseconds to look for the next command before sleeping: fewer where that was in vain. */
  let idle = 0;
  let patience = 0;
  const programs: ((thread: number, run: number, from: number) => number)[] = [];

  /** Looks for a while whether there is another command. */
  const look = (generation: number, milliseconds: number): boolean => {
    const until = now() + milliseconds;
    do {
      for (let turn = 0; turn < 200; turn++)
        if (Atomics.load(words, control.generation / 4) !== generation) return true;
    } while (now() < until);
    return false;
  };

  const serve = (from: number): void => {
    let generation = from;
    for (;;) {
      if (patience > 0) {
        const paid = look(generation, patience);
        patience = paid ? Math.min(idle, patience * 2) : Math.max(idle / 32, patience / 2);
      }
      while (Atomics.load(words, control.generation / 4) === generation)
        Atomics.wait(words, control.generation / 4, generation, slice);
      // Runs wait for every thread, so none is missed; what was told since a leave is told again on entering.
      if (((Atomics.load(words, control.leave / 4) - generation) | 0) > 0) return;
      generation = (generation + 1) | 0;
      if (programs[words[control.program / 4]](thread, words[control.run / 4], 0) !== failure.none) return;
    }
  };

  return (message) => {
    try {
      switch (message.kind) {
        case "memory":
          memory = message.memory;
          thread = message.thread;
          idle = message.idle;
          patience = idle;
          words = new Int32Array(memory.buffer, 0, control.end / 4);
          post("ready");
          return;
        case "program": {
          const instance = new WebAssembly.Instance(message.module as WebAssembly.Module, {
            engine: { memory, nanoseconds },
          });
          programs[message.id] = instance.exports.run as (typeof programs)[number];
          return;
        }
        case "enter":
          serve(message.generation);
          return;
      }
    } catch (error) {
      // What failed first is the cause of what fails after it.
      if (Atomics.load(words, control.failure / 4) !== failure.none) return;
      writeFailureMessage(memory, `thread ${thread} failed: ${String(error)}`);
      Atomics.store(words, control.failure / 4, failure.crashed);
    }
  };
}
