import type { Emitter } from "../../kernels/emitter.js";
import { atomic, callI32, type FunctionBuilder, type I32, i32, type Local } from "../../wasm/index.js";
import { control, failure, stoppedCode } from "../control.js";
import type { Job, Stage } from "../plan/step-schedule.js";
import { type StepTimer, waitingName } from "../step-timer.js";

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
    dispatch: module.function(["task", "scratch"], (f, { task, scratch }) =>
      dispatch(f, jobs, task, scratch, timer),
    ),
  }));
  const barrier = threads > 1 ? emitBarrier(emitter, options, stages.length) : undefined;
  module.function(
    ["thread", "run", "from"],
    (f, { thread, run, from }) => {
      const scratch = f.let(i32.add(i32.mul(thread, options.scratchBytes), options.scratch));
      const emitStage = (
        { tasks, dispatch, preparation }: (typeof dispatchers)[number],
        stage: number,
      ): void => {
        if (!barrier) {
          f.for({ to: tasks }, (task) => f.call(dispatch, { task, scratch }));
          return;
        }
        const counter = options.counters + stage * 128;
        // Each run takes `tasks` numbers that count and one a thread that tells it to go on.
        const turn = preparation ? f.let(i32.load(control.preparation)) : run;
        f.if(i32.eqz(from), () => {
          const first = f.let(i32.mul(turn, tasks + threads));
          const task = f.let(i32.sub(atomic.add(counter, 1), first));
          f.while(i32.ltU(task, tasks), () => {
            f.call(dispatch, { task, scratch });
            f.set(task, i32.sub(atomic.add(counter, 1), first));
          });
        });
        const status = f.local("i32");
        const meet = () =>
          f.set(
            status,
            callI32(barrier, { arrivals: counter + 64, before: i32.mul(turn, threads), thread, from }),
          );
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

/** More jobs are halved first: conditions within conditions don't go deep. */
const mostInARow = 16;

/** Calls the job that a task is of. */
function dispatch(
  f: FunctionBuilder,
  jobs: readonly Job[],
  task: Local<"i32">,
  scratch: Local<"i32">,
  timer?: StepTimer,
): void {
  if (jobs.length > mostInARow) {
    const half = jobs.length >>> 1;
    const tasks = jobs.slice(0, half).reduce((sum, job) => sum + job.tasks, 0);
    f.if(
      i32.ltU(task, tasks),
      () => dispatch(f, jobs.slice(0, half), task, scratch, timer),
      () => {
        f.set(task, i32.sub(task, tasks));
        dispatch(f, jobs.slice(half), task, scratch, timer);
      },
    );
    return;
  }
  const [job, ...rest] = jobs;
  const work = () => {
    if (timer && !job.timesItself)
      timer.around(f, scratch, job.name, () => f.call(job.run, { task, scratch }));
    else f.call(job.run, { task, scratch });
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
function emitBarrier(emitter: Emitter, { threads, spins, counters }: RunOptions, stages: number) {
  return emitter.module.function(
    ["arrivals", "before", "thread", "from"],
    (f, { arrivals, before, thread, from }) => {
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
