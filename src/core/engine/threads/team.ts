import { HeddleError, messageOf } from "../../errors.js";
import type { Platform, PlatformWorker } from "../../platform.js";
import { mebibytes } from "../../words.js";
import { control, failure, stopOf } from "../control.js";
import { nanosecondClock } from "../step-timer.js";
import { readFailureMessage, writeFailureMessage } from "./failure-message.js";
import { type ArenaMemory, recycle } from "./memory.js";
import type { WorkerMessage } from "./worker-loop.js";

type Run = (thread: number, run: number, from: number) => number;

/** A compiled program, and how often it and its preparation have run. */
interface LoadedProgram {
  readonly run: Run;
  /** Whether the calling thread runs it alone. */
  readonly alone: boolean;
  runs: number;
  preparations: number;
}

/** Milliseconds between two looks at who has started. */
const startNap = 1;

/** How long a worker looks for its next command before it sleeps, milliseconds. */
const idleMilliseconds = 0.2;

/** The most that counts as waiting from one look at the others to the next, milliseconds: looks come ten a second. */
const longestLook = 1000;

/** The threads that share one arena. The calling thread is number 0 and works like the others. */
export class Team {
  readonly #programs: LoadedProgram[] = [];
  /** The program that ran last: only its own preparation is still in memory. */
  #last = -1;
  #closing: Promise<void> | undefined;
  #entered = false;
  #running = false;
  /** The first stage of a run that not all threads are known to have finished. */
  #unfinished = Number.NEGATIVE_INFINITY;

  private constructor(
    readonly memory: ArenaMemory,
    readonly workers: readonly PlatformWorker[],
    readonly waitLimit: number,
    readonly platform: Pick<Platform, "now" | "yield">,
  ) {}

  /**
   * Starts `threads − 1` workers and waits until each has answered.
   * @throws HeddleError when one ends first, or is silent for `waitLimit` milliseconds
   */
  static async start(
    platform: Platform,
    memory: ArenaMemory,
    threads: number,
    waitLimit: number,
  ): Promise<Team> {
    const workers: PlatformWorker[] = [];
    try {
      while (workers.length < threads - 1) workers.push(platform.startWorker());
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    }
    const team = new Team(memory, workers, waitLimit, platform);
    const silent = new Set<number>();
    // With a processor for each thread, looking on between two steps is cheaper than a sleep and a wake-up.
    const idle = threads <= platform.cores ? idleMilliseconds : 0;
    let problem: HeddleError | undefined;
    for (const [index, worker] of workers.entries()) {
      const thread = index + 1;
      silent.add(thread);
      worker.onMessage(() => silent.delete(thread));
      worker.onExit((reason) => {
        problem ??= new HeddleError(`Thread ${thread} could not start: ${reason}.`);
        team.#lost(thread, reason);
      });
      worker.postMessage({ kind: "memory", memory: memory.memory, thread, idle } satisfies WorkerMessage);
    }
    // The core has no timers: it naps between the event loop's turns, and leaves the processor to the workers.
    const deadline = platform.now() + waitLimit;
    while (silent.size > 0 && !problem) {
      if (platform.now() > deadline) problem = neverStarted([...silent], waitLimit);
      Atomics.wait(memory.words, control.generation / 4, 0, startNap);
      await platform.yield();
    }
    if (problem) {
      // Silent threads are ended, not asked to leave.
      team.#fail(failure.crashed, problem.message);
      await team.close();
      throw problem;
    }
    return team;
  }

  get threads(): number {
    return this.workers.length + 1;
  }

  /**
   * The last stage that a thread may have begun in a run that failed: those that were not waited for may have gone
   * on to the one behind.
   */
  get reached(): number {
    return this.#unfinished + 1;
  }

  /**
   * Compiles a program for every thread, or for the calling one `alone`; gives its number.
   * @throws HeddleError where it is too large for the runtime
   */
  load(bytes: Uint8Array, alone = false): number {
    const module = compiled(bytes);
    const nanoseconds = nanosecondClock(this.platform.now);
    const instance = new WebAssembly.Instance(module, {
      engine: { memory: this.memory.memory, nanoseconds },
    });
    const run = instance.exports.run as Run;
    this.#programs.push({ run, alone: alone || this.workers.length === 0, runs: 0, preparations: 0 });
    const id = this.#programs.length - 1;
    if (!this.#programs[id].alone) {
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
   * Runs a program on all threads; `weightsChanged` since it last ran. One run at a time: where a run takes long the
   * event loop turns in its midst.
   * @throws HeddleError when a thread fails
   */
  async run(id: number, weightsChanged = false): Promise<void> {
    if (this.#running) throw new Error("A team was asked to run while it runs.");
    const program = this.#programs[id];
    const words = this.#words;
    const prepare = weightsChanged || this.#last !== id;
    // Whoever fails before the others are called has begun nothing.
    this.#unfinished = Number.NEGATIVE_INFINITY;
    this.#check();
    words[control.program / 4] = id;
    words[control.run / 4] = program.runs;
    words[control.prepare / 4] = Number(prepare);
    words[control.preparation / 4] = program.preparations;
    if (!program.alone) this.#command();
    this.#running = true;
    this.#unfinished = 0;
    try {
      let status = this.#call(program, 0);
      if (status !== 0) status = await this.#wait(program, status);
    } finally {
      this.#running = false;
    }
    program.runs = (program.runs + 1) | 0;
    if (prepare) program.preparations = (program.preparations + 1) | 0;
    this.#last = id;
  }

  #call(program: LoadedProgram, from: number): number {
    try {
      return program.run(0, program.runs, from);
    } catch (error) {
      this.#fail(failure.crashed, String(error));
      this.#unfinished = Number.POSITIVE_INFINITY;
      throw new HeddleError(`A kernel failed: ${String(error)}.`, { cause: error });
    }
  }

  /** Lets the event loop tell of a thread that has ended, and goes on waiting, until the run is done. */
  async #wait(program: LoadedProgram, stopped: number): Promise<number> {
    let status = stopped;
    let waited = 0;
    let before = this.platform.now();
    while (status !== 0) {
      const { code, stage } = stopOf(status);
      // What this thread did of the stage itself is no waiting.
      if (stage !== this.#unfinished) [waited, before] = [0, this.platform.now()];
      this.#unfinished = stage;
      if (code === failure.look) {
        await this.platform.yield();
        const now = this.platform.now();
        // A process that was stopped in between, workers and all, has not waited all that time.
        waited += Math.min(now - before, longestLook);
        before = now;
        if (waited > this.waitLimit) this.#fail(failure.timeout, "");
      }
      this.#check();
      status = this.#call(program, status);
    }
    return status;
  }

  /** Ends the workers, wherever they are, and gives the memory back when `unused` too is settled. */
  close(unused?: Promise<unknown>): Promise<void> {
    this.#closing ??= this.#close(unused);
    return this.#closing;
  }

  async #close(unused?: Promise<unknown>): Promise<void> {
    const sound = Atomics.load(this.#words, control.failure / 4) === failure.none;
    this.#fail(failure.crashed, closed);
    // Not every platform can end a worker at once: this one may look for commands in memory that is another's by then.
    if (this.#entered) this.#leave();
    await Promise.all(
      this.workers.map((worker) => (sound && worker.leave ? worker.leave() : worker.terminate())),
    );
    await unused;
    recycle(this.memory);
  }

  /** @throws HeddleError once the team is closed: its memory may be another's by then */
  checkOpen(): void {
    if (this.#closing) throw stopped(closed);
  }

  get #words(): Int32Array {
    return this.memory.words;
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
    if (!this.#closing) this.#fail(failure.crashed, `thread ${thread} ended unexpectedly: ${reason}`);
  }

  #fail(code: number, message: string): void {
    if (Atomics.load(this.#words, control.failure / 4) !== failure.none) return;
    writeFailureMessage(this.memory.memory, message);
    Atomics.store(this.#words, control.failure / 4, code);
  }

  #check(): void {
    this.checkOpen();
    const code = Atomics.load(this.#words, control.failure / 4);
    if (code === failure.none) return;
    if (code === failure.timeout)
      throw new HeddleError(
        `A thread stopped answering: the others waited ${this.waitLimit / 1000} s for it in vain. ` +
          "It was killed or the machine is overloaded. Run again, with fewer threads if it happens again.",
      );
    throw stopped(readFailureMessage(this.memory.memory));
  }
}

const closed = "the network was closed";

function compiled(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    const words = messageOf(cause).replace(/\.+$/, "");
    const mend = /content security policy/i.test(words)
      ? "Allow it: the policy's script-src needs 'wasm-unsafe-eval'."
      : "Use smaller kernels and windows, fewer channels, or a smaller model.";
    throw new HeddleError(
      `This runtime can't compile the model's program of ${mebibytes(bytes.length)}: ${words}. ${mend}`,
      { cause },
    );
  }
}

function stopped(reason: string): HeddleError {
  return new HeddleError(
    `The threads stopped: ${reason}. Run again, with fewer threads if it happens again.`,
  );
}

function neverStarted(threads: readonly number[], waitLimit: number): HeddleError {
  const subject = threads.length === 1 ? `Thread ${threads[0]}` : `Threads ${threads.join(", ")}`;
  return new HeddleError(
    `${subject} did not start within ${waitLimit / 1000} s: the machine is overloaded, or allows no more threads. ` +
      "Run again, with fewer threads if it happens again.",
  );
}
