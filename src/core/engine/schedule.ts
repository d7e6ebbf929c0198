import type { Emitter } from "../kernels/emitter.js";
import { emitZero } from "../kernels/fill.js";
import {
  atomic,
  callI32,
  type FunctionBuilder,
  type FunctionReference,
  type I32,
  i32,
  type Local,
} from "../wasm/index.js";
import { control, failure } from "./control.js";
import { type StepTimer, waitingName } from "./step-timer.js";

/** Work of independent tasks: any thread may take any of them, in any order. */
export interface Job {
  readonly name: string;
  readonly tasks: number;
  /** (task, scratch): scratch is memory of the thread's own. */
  readonly run: FunctionReference;
  /** Whether it times its parts itself where a step is timed. */
  readonly timesItself?: boolean;
}

/** Jobs that may run side by side; the threads meet behind them. */
export interface Stage {
  readonly jobs: readonly Job[];
  /** Left out while neither weights nor memory have changed. */
  readonly preparation: boolean;
}

/** What a per-sample function is emitted with; `part` is the number of its share of the batch. */
export interface SampleContext {
  readonly f: FunctionBuilder;
  readonly sample: Local<"i32">;
  readonly part: Local<"i32">;
  readonly scratch: Local<"i32">;
}

/** Fixed shares of a batch, each summed apart and then added in order: the same for any number of threads. */
export interface Partials {
  readonly address: number;
  readonly partBytes: number;
}

interface Chain {
  readonly names: string[];
  readonly functions: FunctionReference[];
  readonly partials: Partials[];
  scratchBytes: number;
}

/**
 * The order of a step: stages one after the other with every thread meeting in between, each a set of jobs.
 * Per-sample work that follows one another is chained: one task takes one sample through all of it, so
 * that what is written stays in the thread's cache.
 */
export class Schedule {
  readonly #stages: Job[][] = [];
  readonly #beside: Job[] = [];
  readonly #preparation: Job[][] = [];
  #chain: Chain | undefined;
  scratchBytes = 0;

  constructor(
    readonly emitter: Emitter,
    readonly batch: number,
    readonly timer?: StepTimer,
  ) {}

  /** Shares that partial sums are made in: enough for many threads, of a few samples each where there are few. */
  get parts(): number {
    return Math.min(this.batch, Math.max(8, Math.min(32, Math.ceil(this.batch / 4))));
  }

  /** Adds work on one sample, after what is already chained. */
  perSample(name: string, write: (context: SampleContext) => void): void {
    const chain = this.#open();
    chain.names.push(name);
    chain.functions.push(
      this.emitter.module.function(3, (f, sample, part, scratch) => write({ f, sample, part, scratch })),
    );
  }

  /** Gives the open chain partial sums, zero at first. */
  addPartials(partials: Partials): void {
    this.#open().partials.push(partials);
  }

  /** Bytes of the thread's scratch for the open chain; gives their offset. */
  scratch(bytes: number): number {
    const chain = this.#open();
    const offset = chain.scratchBytes;
    chain.scratchBytes = offset + Math.ceil(bytes / 64) * 64;
    this.scratchBytes = Math.max(this.scratchBytes, chain.scratchBytes);
    return offset;
  }

  /** A stage of its own. */
  stage(jobs: readonly Job[]): void {
    this.#close();
    if (jobs.length > 0) this.#stages.push([...jobs]);
  }

  /** Ends the open chain: what comes next begins when all threads have met. */
  endChain(): void {
    this.#close();
  }

  /** How many whole stages there are so far, the preparation not counted, and whether one is still being added to. */
  get progress(): { readonly count: number; readonly open: boolean } {
    return { count: this.#stages.length, open: this.#chain !== undefined };
  }

  /** How many stages there are so far, the preparation not counted. */
  get length(): number {
    this.#close();
    return this.#stages.length;
  }

  /**
   * A job that depends on the weights alone and must be done before anything else begins: what it reads of other
   * such jobs must be of an earlier `turn`.
   */
  prepare(job: Job, turn = 0): void {
    this.#preparation[turn] = [...(this.#preparation[turn] ?? []), job];
  }

  /** At least so much scratch for whoever runs a stage of its own. */
  reserveScratch(bytes: number): void {
    this.scratchBytes = Math.max(this.scratchBytes, bytes);
  }

  /** A job that runs beside the first stage after the preparation. */
  besideFirst(job: Job): void {
    this.#beside.push(job);
  }

  /** Ends the plan: every stage with its jobs, the preparation's before the others. */
  finish(): readonly Stage[] {
    this.#close();
    this.#stages[0].push(...this.#beside.splice(0));
    const stages = this.#stages.map((jobs) => ({ jobs, preparation: false }));
    const preparation = this.#preparation.flatMap((jobs) => [{ jobs, preparation: true }]);
    return [...preparation, ...stages];
  }

  #open(): Chain {
    this.#chain ??= { names: [], functions: [], partials: [], scratchBytes: 0 };
    return this.#chain;
  }

  #close(): void {
    const chain = this.#chain;
    this.#chain = undefined;
    if (!chain) return;
    const { batch, emitter } = this;
    const { module } = emitter;
    const tasks = chain.partials.length > 0 ? this.parts : batch;
    const run = module.function(2, (f, task, scratch) => {
      for (const { address, partBytes } of chain.partials) {
        const start = f.let(i32.add(i32.mul(task, partBytes), address));
        f.call(emitZero(emitter), start, i32.add(start, partBytes));
      }
      const bound = (part: I32): I32 => (tasks === batch ? part : i32.divU(i32.mul(part, batch), tasks));
      f.for({ from: bound(task), to: f.let(bound(i32.add(task, 1))) }, (sample) => {
        chain.functions.forEach((step, index) => {
          const work = () => f.call(step, sample, task, scratch);
          if (this.timer) this.timer.around(f, scratch, chain.names[index], work);
          else work();
        });
      });
    });
    this.#stages.push([{ name: chain.names.join(" + "), tasks, run, timesItself: true }]);
  }
}

export interface RunOptions {
  readonly threads: number;
  /** Start of two counters a stage and what each thread knows of waiting: `counterBytes(stages, threads)`, zeroed. */
  readonly counters: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Looks at a barrier at most so often before it sleeps. */
  readonly spins: number;
  /** Keeps account of what the threads spend on each job, where a step is timed. */
  readonly timer?: StepTimer;
}

/** Two counters a stage and a word a thread, each on a cache line of its own. */
export const counterBytes = (stages: number, threads: number): number => stages * 128 + threads * 64;

/** What `run` gives where it did not come to its end: a failure code, and the stage it waited behind. */
const stoppedCode = (code: number, stage: number): number => (code << 16) | (stage + 1);

/** Takes what `run` gave apart. */
export const stopOf = (status: number): { readonly code: number; readonly stage: number } => ({
  code: status >> 16,
  stage: (status & 0xffff) - 1,
});

/**
 * Emits and exports run(thread, run, from) → 0, or where and why it stopped: one call takes a thread through the
 * whole step. Tasks are handed out by an atomic counter a stage; counters only ever grow, so none needs clearing
 * between steps.
 *
 * Thread 0 must not sleep for good, since its event loop is the one that hears of another thread's end: after a
 * while at a barrier it stops to have a look. `from` 0 begins a step; what such a stop gave goes on waiting there.
 */
export function emitRun(emitter: Emitter, stages: readonly Stage[], options: RunOptions): void {
  const { module } = emitter;
  const { threads, timer } = options;
  const dispatchers = stages.map(({ jobs, preparation }) => ({
    preparation,
    tasks: jobs.reduce((sum, job) => sum + job.tasks, 0),
    dispatch: module.function(2, (f, task, scratch) => dispatch(f, jobs, task, scratch, timer)),
  }));
  const barrier = threads > 1 ? emitBarrier(emitter, options, stages.length) : undefined;
  module.function(
    3,
    (f, thread, run, from) => {
      const scratch = f.let(i32.add(i32.mul(thread, options.scratchBytes), options.scratch));
      const emitStage = (
        { tasks, dispatch, preparation }: (typeof dispatchers)[number],
        stage: number,
      ): void => {
        if (!barrier) {
          f.for({ to: tasks }, (task) => f.call(dispatch, task, scratch));
          return;
        }
        const counter = options.counters + stage * 128;
        // Each run takes `tasks` numbers that count and one a thread that tells it to go on.
        const turn = preparation ? f.let(i32.load(control.preparation)) : run;
        f.if(i32.eqz(from), () => {
          const first = f.let(i32.mul(turn, tasks + threads));
          const task = f.let(i32.sub(atomic.add(counter, 1), first));
          f.while(i32.ltU(task, tasks), () => {
            f.call(dispatch, task, scratch);
            f.set(task, i32.sub(atomic.add(counter, 1), first));
          });
        });
        const status = f.local("i32");
        const meet = () =>
          f.set(status, callI32(barrier, counter + 64, i32.mul(turn, threads), thread, from));
        // After the last meeting the caller reads the accounts: nobody may write to them any more.
        if (timer && stage < stages.length - 1) timer.around(f, scratch, waitingName, meet);
        else meet();
        f.if(status, () => f.return(i32.or(i32.shl(status, 16), stoppedCode(0, stage))));
        f.set(from, i32.const(0));
      };
      dispatchers.forEach((dispatcher, stage) => {
        const emit = (): void => {
          if (dispatcher.preparation) f.if(i32.load(control.prepare), () => emitStage(dispatcher, stage));
          else emitStage(dispatcher, stage);
        };
        // Stages before the one that is gone on from are done.
        if (barrier) f.if(i32.or(i32.eqz(from), i32.eq(from, stoppedCode(failure.look, stage))), emit);
        else emit();
      });
      f.return(failure.none);
    },
    { result: "i32", exportAs: "run" },
  );
}

function dispatch(
  f: FunctionBuilder,
  jobs: readonly Job[],
  task: Local<"i32">,
  scratch: Local<"i32">,
  timer?: StepTimer,
): void {
  const [job, ...rest] = jobs;
  const work = () => {
    if (timer && !job.timesItself) timer.around(f, scratch, job.name, () => f.call(job.run, task, scratch));
    else f.call(job.run, task, scratch);
  };
  if (rest.length === 0) {
    work();
    return;
  }
  f.if(i32.ltU(task, job.tasks), work, () => {
    f.set(task, i32.sub(task, job.tasks));
    dispatch(f, rest, task, scratch, timer);
  });
}

/** How long one sleep lasts before a thread looks whether another has failed. */
const sliceMilliseconds = 100;

/** Spinning that did not pay is halved so often at most. */
const mostHalvings = 5;

/**
 * Emits (arrivals, before, thread, from) → failure code: returns when all threads have arrived, or where one has
 * failed, or thread 0 has slept for a slice. Looks for a while before it sleeps, half as long each time that it
 * slept after all, twice as long again each time that it need not.
 */
function emitBarrier(
  emitter: Emitter,
  { threads, spins, counters }: RunOptions,
  stages: number,
): FunctionReference {
  return emitter.module.function(
    4,
    (f, arrivals, before, thread, from) => {
      const arrived = (): I32 => i32.geS(i32.sub(atomic.load(arrivals), before), threads);
      f.if(i32.eqz(from), () => {
        const last = i32.eq(i32.sub(i32.add(atomic.add(arrivals, 1), 1), before), threads);
        f.if(last, () => {
          f.drop(atomic.notify(arrivals, -1));
          f.return(failure.none);
        });
        if (spins === 0) return;
        const halvings = f.let(i32.add(i32.mul(thread, 64), counters + stages * 128));
        const known = f.let(i32.load(halvings));
        f.for({ to: f.let(i32.shrU(i32.const(spins), known)) }, () => {
          f.if(arrived(), () => {
            f.do(i32.store(halvings, i32.sub(known, i32.ne(known, 0))));
            f.return(failure.none);
          });
        });
        f.do(i32.store(halvings, i32.add(known, i32.ltU(known, mostHalvings))));
      });
      const seen = f.let(atomic.load(arrivals));
      f.while(i32.ltS(i32.sub(seen, before), threads), () => {
        f.if(atomic.load(control.failure), () => f.return(atomic.load(control.failure)));
        const outcome = atomic.wait(arrivals, seen, BigInt(sliceMilliseconds) * 1_000_000n);
        f.if(i32.and(i32.eq(outcome, 2), i32.eqz(thread)), () => f.return(failure.look));
        f.set(seen, atomic.load(arrivals));
      });
      f.return(failure.none);
    },
    { result: "i32" },
  );
}
