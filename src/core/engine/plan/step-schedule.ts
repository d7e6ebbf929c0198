import type { Emitter } from "../../kernels/emitter.js";
import { emitZero } from "../../kernels/fill.js";
import { type FunctionBuilder, type FunctionReference, type I32, i32, type Local } from "../../wasm/index.js";
import type { StepTimer } from "../step-timer.js";
import type { Progress } from "./workspace.js";

/** Work of independent tasks: any thread may take any of them, in any order. */
export interface Job {
  readonly name: string;
  readonly tasks: number;
  /** (task, scratch): scratch is memory of the thread's own. */
  readonly run: FunctionReference<"task" | "scratch">;
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
  readonly functions: FunctionReference<"sample" | "part" | "scratch">[];
  readonly partials: Partials[];
  /** Shares of the batch that the partials are summed in; undefined while there are none. */
  parts?: number;
}

/**
 * The order of a step: stages one after the other with every thread meeting in between, each a set of jobs.
 * Per-sample work that follows one another is chained: one task takes one sample through all of it, so
 * that what is written stays in the thread's cache.
 */
export class StepSchedule {
  readonly #stages: Job[][] = [];
  readonly #chains = new Set<number>();
  readonly #beside: Job[] = [];
  readonly #preparation: Job[][] = [];
  #chain: Chain | undefined;
  /** What stages of their own need of each thread's scratch. */
  scratchBytes = 0;

  constructor(
    readonly emitter: Emitter,
    readonly batch: number,
    readonly timer?: StepTimer,
  ) {}

  /** Adds work on one sample, after what is already chained. */
  perSample(name: string, write: (context: SampleContext) => void): void {
    const chain = this.#open();
    chain.names.push(name);
    chain.functions.push(
      this.emitter.module.function(["sample", "part", "scratch"], (f, own) => write({ f, ...own })),
    );
  }

  /**
   * Gives the open chain partial sums of so many bytes, zero at first, for which `allocate` finds room. A chain's
   * sums are all made in equally many shares: enough for many threads, of a few samples each where there are few, and
   * less where the first of the sums would fill the memory.
   */
  addPartials(bytes: number, allocate: (bytes: number) => number): Partials & { readonly parts: number } {
    const chain = this.#open();
    chain.parts ??= partsOf(this.batch, bytes);
    const partials = { address: allocate(bytes * chain.parts), partBytes: bytes };
    chain.partials.push(partials);
    return { ...partials, parts: chain.parts };
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
  get progress(): Progress {
    return { count: this.#stages.length, open: this.#chain !== undefined };
  }

  /** Whether a stage works sample by sample. */
  isChain(stage: number): boolean {
    return this.#chains.has(stage);
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
    this.#chain ??= { names: [], functions: [], partials: [] };
    return this.#chain;
  }

  #close(): void {
    const chain = this.#chain;
    this.#chain = undefined;
    if (!chain) return;
    const { batch, emitter } = this;
    const { module } = emitter;
    const tasks = chain.parts ?? batch;
    const run = module.function(["task", "scratch"], (f, { task, scratch }) => {
      for (const { address, partBytes } of chain.partials) {
        const start = f.let(i32.add(i32.mul(task, partBytes), address));
        f.call(emitZero(emitter), { address: start, end: i32.add(start, partBytes) });
      }
      const bound = (part: I32): I32 => (tasks === batch ? part : i32.divU(i32.mul(part, batch), tasks));
      f.for({ from: bound(task), to: f.let(bound(i32.add(task, 1))) }, (sample) => {
        chain.functions.forEach((step, index) => {
          const work = () => f.call(step, { sample, part: task, scratch });
          if (this.timer) this.timer.around(f, scratch, chain.names[index], work);
          else work();
        });
      });
    });
    this.#chains.add(this.#stages.length);
    this.#stages.push([{ name: chain.names.join(" + "), tasks, run, timesItself: true }]);
  }
}

/** Partial sums take no more than this, unless that makes them fewer than four. */
const mostPartialBytes = 64 * 1024 * 1024;

function partsOf(batch: number, bytes: number): number {
  let parts = Math.max(8, Math.min(32, Math.ceil(batch / 4)));
  while (parts > 4 && parts * bytes > mostPartialBytes) parts = Math.max(4, Math.ceil(parts / 2));
  return Math.min(batch, parts);
}
