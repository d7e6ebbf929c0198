import { SourceError } from "../core/data/source-error.js";
import { HeddleError } from "../core/errors.js";
import { checkValue, wholeNumber } from "../core/options/index.js";
import type { TrainEvent } from "../core/training/events.js";
import { LockedError, StoreError } from "../run/store.js";
import { writeFailure } from "./failure.js";
import type { StudyState } from "./state.js";
import { Stop } from "./stop.js";
import type { RunStudyOptions, StudyHost, Trainer, TrainersWork } from "./study-options.js";
import { type TrialListener, trainTrial } from "./train-trial.js";
import type { FactorsOf, TrialPlan, TrialRecord } from "./trial.js";
import { readTrial, trialStore, trialsOf } from "./trial-folder.js";

/**
 * Runs what a plan asks for until nothing is left, as many trials at once as are wanted.
 *
 * @returns the trial that was stopped, or would have been next, if one was
 */
export async function runTrials<Trial extends TrialPlan>(
  state: StudyState<Trial>,
  options: RunStudyOptions<Trial>,
  host: StudyHost,
): Promise<Trial | undefined> {
  if (!state.next()) return undefined;
  const stop = new Stop(options.signal);
  const trainers = await makeTrainers(options, host, stop);
  try {
    return await new Loop(state, options, stop, options.threads ?? host.platform.cores).run(trainers);
  } finally {
    stop.release();
    await Promise.all(trainers.map((trainer) => trainer.close()));
  }
}

const ofAll = [StoreError, LockedError, SourceError];

/**
 * Whether a trial fails for what the others would fail for too: its place takes no file, another one works there, or its
 * images can't be read.
 */
export function endsStudy(error: unknown): boolean {
  if (ofAll.some((kind) => error instanceof kind)) return true;
  return error instanceof Error && endsStudy(error.cause);
}

/**
 * Threads of a trial that begins: those that are free, shared out over the trainers that have work.
 *
 * @param free threads that no trial has
 * @param trainers that are free, this one among them
 * @param waiting trials that may begin now, this one among them
 */
export const threadShare = (free: number, trainers: number, waiting: number): number =>
  Math.max(1, Math.ceil(free / Math.max(1, Math.min(trainers, waiting))));

async function makeTrainers<Trial extends TrialPlan>(
  { study, data, judging = {}, keepsWeights = true, parallel = 1 }: RunStudyOptions<Trial>,
  host: StudyHost,
  signal: Stop,
): Promise<readonly Trainer[]> {
  checkValue("A study", "parallel", parallel, wholeNumber({ from: 1 }));
  const work = { study, data, judging, keepsWeights, signal };
  if (parallel > 1 && host.trainers) return host.trainers({ ...work, count: parallel });
  return [trainerHere(work, host)];
}

function trainerHere(work: Omit<TrainersWork, "count">, host: StudyHost): Trainer {
  return {
    train: (trial, listener, threads) => trainTrial(trial, { ...work, host, threads, listener }),
    close: async () => undefined,
  };
}

class Loop<Trial extends TrialPlan> {
  readonly #state: StudyState<Trial>;
  readonly #options: RunStudyOptions<Trial>;
  readonly #stop: Stop;
  /** Threads of each trial that is looked after, by its name: none once it has trained. */
  readonly #running = new Map<string, number>();
  readonly #threads: number;
  #stoppedAt: Trial | undefined;
  /** Settles when a trial has ended, which may bring others. */
  #ended = later();

  constructor(state: StudyState<Trial>, options: RunStudyOptions<Trial>, stop: Stop, threads: number) {
    this.#state = state;
    this.#options = options;
    this.#stop = stop;
    this.#threads = threads;
  }

  async run(trainers: readonly Trainer[]): Promise<Trial | undefined> {
    const ends = await Promise.allSettled(trainers.map((trainer) => this.#work(trainer, trainers.length)));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
    return this.#stoppedAt;
  }

  async #work(trainer: Trainer, trainers: number): Promise<void> {
    for (;;) {
      const trial = this.#state.next(this.#running);
      if (!trial && this.#running.size === 0) return;
      if (this.#stop.aborted) {
        this.#stoppedAt ??= trial;
        return;
      }
      if (!trial) {
        await this.#ended.promise;
        continue;
      }
      const threads = this.#share(trainers);
      this.#running.set(trial.id, threads);
      try {
        await this.#train(trial, trainer, threads);
      } catch (error) {
        // The others are stopped where they stand, and go on with the same call.
        this.#stop.stop(error);
        throw error;
      } finally {
        this.#running.delete(trial.id);
        const { settle } = this.#ended;
        this.#ended = later();
        settle();
      }
    }
  }

  #share(trainers: number): number {
    const training = [...this.#running.values()].filter((threads) => threads > 0);
    const free = this.#threads - training.reduce((sum, threads) => sum + threads, 0);
    return threadShare(free, trainers - training.length, this.#state.waiting(this.#running));
  }

  async #train(trial: Trial, trainer: Trainer, threads: number): Promise<void> {
    const { onEvent, study, onFailure = "stop", afterTrial } = this.#options;
    onEvent?.({ event: "trial", trial, progress: this.#state.progress() });
    let trained: boolean;
    try {
      trained = await trainer
        .train(trial, this.#listenerOf(trial), threads)
        .finally(() => this.#running.set(trial.id, 0));
    } catch (error) {
      if (onFailure === "stop" || endsStudy(error)) throw this.#withWhatIsKept(error);
      await this.#setAside(trial, error);
      return;
    }
    if (!trained) {
      this.#stoppedAt ??= trial;
      this.#stop.stop();
      return;
    }
    const record = await readTrial<FactorsOf<Trial>>(trialStore(study, trial.id), trial.id);
    if (!record || !("config" in record)) throw new Error(`${trial.id} ended without a record.`);
    this.#state.keep(record satisfies TrialRecord<FactorsOf<Trial>>);
    onEvent?.({ event: "done", trial, record, progress: this.#state.progress() });
    if (this.#state.next()) await afterTrial?.(this.#state.trials);
  }

  async #setAside(trial: Trial, error: unknown): Promise<void> {
    const failure = await writeFailure(this.#options.study, trial, error);
    this.#state.setAside(failure);
    this.#options.onEvent?.({ event: "failed", trial, failure, progress: this.#state.progress() });
  }

  #listenerOf(trial: Trial): TrialListener {
    const { onEvent } = this.#options;
    return {
      onTraining: (training: TrainEvent) => {
        if (training.event === "epoch") this.#state.noteEpoch(trial, training);
        onEvent?.({ event: "training", trial, training });
      },
      onCheckpoint: (from) => onEvent?.({ event: "checkpoint", trial, ...from }),
      onWarning: (message) => onEvent?.({ event: "warning", message }),
    };
  }

  #withWhatIsKept(cause: unknown): unknown {
    if (!(cause instanceof HeddleError)) return cause;
    const { where } = trialsOf(this.#options.study);
    return new HeddleError(`${cause.message} The trials that ended are kept in ${where}.`, { cause });
  }
}

function later(): { readonly promise: Promise<void>; readonly settle: () => void } {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
