import { HeddleError } from "../errors.js";
import type { Platform, PlatformWorker } from "../platform.js";
import { control, failure } from "./control.js";
import { readFailureMessage, writeFailureMessage } from "./failure-message.js";
import type { SharedMemory } from "./memory.js";
import { nanosecondClock } from "./step-timer.js";
import type { WorkerMessage } from "./worker-loop.js";

type Run = (thread: number, run: number) => number;

/** Milliseconds between two looks at who has started. */
const startNap = 1;

/** How often a worker looks for its next command before it sleeps: one or two tenths of a millisecond. */
const idleSpins = 30_000;

/** The threads that share one arena. The calling thread is number 0 and works like the others. */
export class Team {
  readonly #words: Int32Array;
  readonly #programs: { readonly run: Run; runs: number; preparations: number }[] = [];
  /** The program that ran last: only its own preparation is still in memory. */
  #last = -1;
  #closed = false;
  #entered = false;

  private constructor(
    readonly memory: SharedMemory,
    readonly workers: readonly PlatformWorker[],
    readonly waitLimit: number,
    readonly now: () => number,
  ) {
    this.#words = new Int32Array(memory.buffer, 0, control.end / 4);
  }

  /**
   * Starts `threads − 1` workers and waits until each has answered.
   * @throws HeddleError when one ends first, or is silent for `waitLimit` milliseconds
   */
  static async start(
    platform: Platform,
    memory: SharedMemory,
    threads: number,
    waitLimit: number,
  ): Promise<Team> {
    const workers = Array.from({ length: threads - 1 }, () => platform.startWorker());
    const team = new Team(memory, workers, waitLimit, platform.now);
    const silent = new Set<number>();
    // With a processor for each thread, looking on between two steps is cheaper than a sleep and a wake-up.
    const spins = threads <= platform.cores ? idleSpins : 0;
    let problem: HeddleError | undefined;
    for (const [index, worker] of workers.entries()) {
      const thread = index + 1;
      silent.add(thread);
      worker.onMessage(() => silent.delete(thread));
      worker.onExit((reason) => {
        problem ??= new HeddleError(`Thread ${thread} could not start: ${reason}.`);
        team.#lost(thread, reason);
      });
      worker.postMessage({ kind: "memory", memory, thread, spins } satisfies WorkerMessage);
    }
    // The core has no timers: it naps between the event loop's turns, and leaves the processor to the workers.
    const deadline = platform.now() + waitLimit;
    while (silent.size > 0 && !problem) {
      if (platform.now() > deadline) problem = neverStarted([...silent], waitLimit);
      Atomics.wait(team.#words, control.generation / 4, 0, startNap);
      await platform.yield();
    }
    if (problem) {
      await team.close();
      throw problem;
    }
    return team;
  }

  /** Compiles a program for every thread; gives its number. */
  load(bytes: Uint8Array): number {
    const module = new WebAssembly.Module(bytes);
    const nanoseconds = nanosecondClock(this.now);
    const instance = new WebAssembly.Instance(module, { engine: { memory: this.memory, nanoseconds } });
    this.#programs.push({ run: instance.exports.run as Run, runs: 0, preparations: 0 });
    const id = this.#programs.length - 1;
    if (this.workers.length > 0) {
      // Workers hear messages only between commands.
      if (this.#entered) this.#leave();
      for (const worker of this.workers) {
        worker.postMessage({ kind: "program", id, module } satisfies WorkerMessage);
        worker.postMessage({
          kind: "enter",
          generation: this.#words[control.generation / 4],
        } satisfies WorkerMessage);
      }
      this.#entered = true;
    }
    return id;
  }

  /**
   * Runs a program on all threads and returns when it is done; `weightsChanged` since it last ran.
   * @throws HeddleError when a thread fails
   */
  run(id: number, weightsChanged = false): void {
    const program = this.#programs[id];
    const prepare = weightsChanged || this.#last !== id;
    this.#check();
    this.#words[control.program / 4] = id;
    this.#words[control.run / 4] = program.runs;
    this.#words[control.prepare / 4] = Number(prepare);
    this.#words[control.preparation / 4] = program.preparations;
    if (this.workers.length > 0) this.#command();
    let status: number;
    try {
      status = program.run(0, program.runs);
    } catch (error) {
      this.#fail(failure.crashed, String(error));
      throw new HeddleError(`A kernel failed: ${String(error)}.`, { cause: error });
    }
    if (status !== failure.none) this.#check();
    program.runs = (program.runs + 1) | 0;
    if (prepare) program.preparations = (program.preparations + 1) | 0;
    this.#last = id;
  }

  /** Ends the workers, wherever they are. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#fail(failure.crashed, "the network was closed");
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** Nobody waits until workers have left: a late one finds by the generation that it should have. */
  #leave(): void {
    this.#words[control.leave / 4] = (this.#words[control.generation / 4] + 1) | 0;
    this.#command();
  }

  #command(): void {
    Atomics.add(this.#words, control.generation / 4, 1);
    Atomics.notify(this.#words, control.generation / 4);
  }

  #lost(thread: number, reason: string): void {
    if (!this.#closed) this.#fail(failure.crashed, `thread ${thread} ended unexpectedly: ${reason}`);
  }

  #fail(code: number, message: string): void {
    if (Atomics.load(this.#words, control.failure / 4) !== failure.none) return;
    writeFailureMessage(this.memory, message);
    Atomics.store(this.#words, control.failure / 4, code);
  }

  #check(): void {
    const code = Atomics.load(this.#words, control.failure / 4);
    if (code === failure.none) return;
    if (code === failure.timeout)
      throw new HeddleError(
        `A thread stopped answering: the others waited ${this.waitLimit / 1000} s for it in vain. ` +
          "It was killed or the machine is overloaded. Run again, with fewer threads if it happens again.",
      );
    throw new HeddleError(
      `The threads stopped: ${readFailureMessage(this.memory)}. Run again, with fewer threads if it happens again.`,
    );
  }
}

function neverStarted(threads: readonly number[], waitLimit: number): HeddleError {
  const subject = threads.length === 1 ? `Thread ${threads[0]}` : `Threads ${threads.join(", ")}`;
  return new HeddleError(
    `${subject} did not start within ${waitLimit / 1000} s: the machine is overloaded, or allows no more threads. ` +
      "Run again, with fewer threads if it happens again.",
  );
}
