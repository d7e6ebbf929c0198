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
  /** Start of two counters a stage, each on a cache line of its own: `counterBytes(stages)`. */
  readonly counters: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly waitLimit: number;
  /** Looks at a barrier so often before it sleeps. */
  readonly spins: number;
  /** Keeps account of what the threads spend on each job, where a step is timed. */
  readonly timer?: StepTimer;
}

export const counterBytes = (stages: number): number => stages * 128;

/**
 * Emits and exports run(thread, run) → failure code: one call takes a thread through the whole step. Tasks
 * are handed out by an atomic counter a stage; counters only ever grow, so none needs clearing between steps.
 */
export function emitRun(emitter: Emitter, stages: readonly Stage[], options: RunOptions): void {
  const { module } = emitter;
  const { threads, timer } = options;
  const dispatchers = stages.map(({ jobs, preparation }) => ({
    preparation,
    tasks: jobs.reduce((sum, job) => sum + job.tasks, 0),
    dispatch: module.function(2, (f, task, scratch) => dispatch(f, jobs, task, scratch, timer)),
  }));
  const barrier = threads > 1 ? emitBarrier(emitter, options) : undefined;
  module.function(
    2,
    (f, thread, run) => {
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
        const first = f.let(i32.mul(turn, tasks + threads));
        const task = f.let(i32.sub(atomic.add(counter, 1), first));
        f.while(i32.ltU(task, tasks), () => {
          f.call(dispatch, task, scratch);
          f.set(task, i32.sub(atomic.add(counter, 1), first));
        });
        const status = f.local("i32");
        const meet = () => f.set(status, callI32(barrier, counter + 64, i32.mul(turn, threads)));
        // After the last meeting the caller reads the accounts: nobody may write to them any more.
        if (timer && stage < stages.length - 1) timer.around(f, scratch, waitingName, meet);
        else meet();
        f.if(status, () => f.return(status));
      };
      dispatchers.forEach((dispatcher, stage) => {
        if (dispatcher.preparation) f.if(i32.load(control.prepare), () => emitStage(dispatcher, stage));
        else emitStage(dispatcher, stage);
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
const sliceMilliseconds = 50;

/** Emits (arrivals, before) → failure code: returns when all threads have arrived. */
function emitBarrier(emitter: Emitter, { threads, waitLimit, spins }: RunOptions): FunctionReference {
  const slices = Math.max(1, Math.ceil(waitLimit / sliceMilliseconds));
  return emitter.module.function(
    2,
    (f, arrivals, before) => {
      const arrived = (): I32 => i32.geS(i32.sub(atomic.load(arrivals), before), threads);
      const last = i32.eq(i32.sub(i32.add(atomic.add(arrivals, 1), 1), before), threads);
      f.if(last, () => {
        f.drop(atomic.notify(arrivals, -1));
        f.return(failure.none);
      });
      f.for({ to: spins }, () => {
        f.if(arrived(), () => f.return(failure.none));
      });
      const slept = f.let(i32.const(0));
      const seen = f.let(atomic.load(arrivals));
      f.while(i32.ltS(i32.sub(seen, before), threads), () => {
        f.if(atomic.load(control.failure), () => f.return(atomic.load(control.failure)));
        const outcome = atomic.wait(arrivals, seen, BigInt(sliceMilliseconds) * 1_000_000n);
        f.if(i32.eq(outcome, 2), () => {
          f.add(slept, 1);
          f.if(i32.geS(slept, slices), () => {
            f.do(atomic.store(control.failure, failure.timeout));
            f.return(failure.timeout);
          });
        });
        f.set(seen, atomic.load(arrivals));
      });
      f.return(failure.none);
    },
    { result: "i32" },
  );
}
