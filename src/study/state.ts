import { HeddleError, UsageError } from "../core/errors.js";
import type { Graph } from "../core/graph/index.js";
import { checkValue } from "../core/options/index.js";
import { batchSizeOf } from "../core/training/plan-fit.js";
import { modelOfConfig, type RunConfig } from "../run/run-config.js";
import { RunFolder } from "../run/run-folder.js";
import { runModelKind } from "../run/run-model.js";
import type { Store } from "../run/store.js";
import { checkRecords, type ImageKind, type RecordCheck } from "./check-records.js";
import { failedWithOthers } from "./failure.js";
import { progressOf, type StudyProgress, type TrialProgress, type TrialStates } from "./progress.js";
import { type EpochKind, EpochSpeeds, epochKind } from "./speed.js";
import {
  epochsOf,
  type FactorsOf,
  type PlanTrials,
  type StudyPlan,
  type TrialFailure,
  type TrialPlan,
  type TrialRecord,
} from "./trial.js";
import { readTrials, type Trials, trialStore } from "./trial-folder.js";

/** What a study needs to know of its images. */
export interface StudyImages extends ImageKind {
  /** Images that train. */
  readonly trainImages: number;
}

export interface OpenStateOptions<Trial extends TrialPlan> extends Omit<RecordCheck, "images"> {
  readonly plan: PlanTrials<Trial>;
  /** What records are held against, where the plan is a part of something (default: the plan). */
  readonly whole?: PlanTrials<Trial>;
  readonly images: StudyImages;
}

/** Where a study stands: what is done, what was begun, what is next, how fast it goes. */
export class StudyState<Trial extends TrialPlan> implements TrialStates {
  readonly #makePlan: PlanTrials<Trial>;
  readonly #images: StudyImages;
  readonly #trials: Trials<FactorsOf<Trial>>;
  /** Of trials that were begun and are not done. */
  readonly #epochsDone = new Map<string, number>();
  readonly #speeds = new EpochSpeeds();
  readonly #kinds = new Map<string, EpochKind | undefined>();
  #plan: StudyPlan<Trial>;

  private constructor({ plan, images }: OpenStateOptions<Trial>, trials: Trials<FactorsOf<Trial>>) {
    this.#makePlan = plan;
    this.#images = images;
    this.#trials = trials;
    this.#plan = this.#made(plan);
  }

  /**
   * Reads a study's place.
   *
   * @throws HeddleError on a damaged record or one of other settings.
   */
  static async open<Trial extends TrialPlan>(
    study: Store,
    options: OpenStateOptions<Trial>,
  ): Promise<StudyState<Trial>> {
    const { whole = options.plan } = options;
    const trials = await readTrials<FactorsOf<Trial>>(study);
    const { records, failures } = trials;
    for (const trial of whole(records, failures).trials) {
      const failure = failures.get(trial.id);
      if (failure && failedWithOthers(failure, trial)) failures.delete(trial.id);
    }
    const state = new StudyState(options, trials);
    const planned = state.#made(whole).trials;
    await checkRecords(study, records, planned, options);
    for (const { config, history } of records.values()) state.#addSpeeds(state.#kindOf(config), history);
    for (const trial of planned.filter(({ id }) => !failures.has(id) && !state.#isOver(id))) {
      const store = trialStore(study, trial.id);
      if (!(await store.list())) continue;
      const history = await new RunFolder(store).readWholeHistory();
      state.#epochsDone.set(trial.id, history.length);
      if (!records.has(trial.id)) state.#addSpeeds(state.#kindOfTrial(trial), history);
    }
    return state;
  }

  /**
   * The first trial that is neither done nor running nor set aside; undefined where there is none now.
   *
   * @param running names of trials
   */
  next(running: { has(id: string): boolean } = new Set()): Trial | undefined {
    return this.#plan.trials.find((trial) => !running.has(trial.id) && !this.#isDone(trial));
  }

  /** How many there are now of what `next` gives. */
  waiting(running: { has(id: string): boolean }): number {
    return this.#plan.trials.filter((trial) => !running.has(trial.id) && !this.#isDone(trial)).length;
  }

  noteEpoch(trial: Trial, { epoch, seconds }: { readonly epoch: number; readonly seconds: number }): void {
    this.#addSpeeds(this.#kindOfTrial(trial), [{ seconds }]);
    this.#epochsDone.set(trial.id, epoch);
  }

  /** Takes a trial for done. */
  keep(record: TrialRecord<FactorsOf<Trial>>): void {
    this.#trials.records.set(record.id, record);
    this.#epochsDone.set(record.id, record.history.length);
    this.#plan = this.#made(this.#makePlan);
  }

  /** Sets a trial aside: as its files will have it, what it came to before counts no more. */
  setAside(failure: TrialFailure<FactorsOf<Trial>>): void {
    this.#trials.records.delete(failure.id);
    this.#trials.failures.set(failure.id, failure);
    this.#plan = this.#made(this.#makePlan);
  }

  progress(): StudyProgress<Trial> {
    return progressOf(this.#plan, this);
  }

  get trials(): Trials<FactorsOf<Trial>> {
    return this.#trials;
  }

  stateOf(trial: TrialPlan): TrialProgress["state"] {
    if (this.#trials.failures.has(trial.id)) return "failed";
    if (this.#isDone(trial)) return "done";
    return this.#epochsDone.has(trial.id) ? "begun" : "open";
  }

  epochsDone({ id }: TrialPlan): number {
    const record = this.#trials.records.get(id);
    return Math.max(record?.history.length ?? 0, this.#epochsDone.get(id) ?? 0);
  }

  secondsOf(trial: TrialPlan): number | undefined {
    const kind = this.#kindOfTrial(trial);
    return kind && this.#speeds.secondsOf(kind);
  }

  #isOver(id: string): boolean {
    const record = this.#trials.records.get(id);
    return record !== undefined && record.outcome !== "paused";
  }

  #isDone(trial: TrialPlan): boolean {
    const { records, failures } = this.#trials;
    if (failures.has(trial.id) || this.#isOver(trial.id)) return true;
    const paused = records.get(trial.id);
    return paused !== undefined && trial.until !== undefined && paused.history.length >= epochsOf(trial);
  }

  #addSpeeds(kind: EpochKind | undefined, history: readonly { readonly seconds: number }[]): void {
    if (kind) for (const { seconds } of history) this.#speeds.add(kind, seconds);
  }

  #kindOfTrial({ id, settings }: TrialPlan): EpochKind | undefined {
    const { batchSizeAtMost, batchSize = batchSizeAtMost } = settings;
    return this.#kind(id, batchSizeOf(this.#images.trainImages, batchSize), (shape, classes) =>
      checkValue("a trial", "model", settings.model, runModelKind).graph(shape, classes),
    );
  }

  #kindOf(config: RunConfig): EpochKind | undefined {
    const name = `${JSON.stringify([config.layers ?? config.model, config.dropout])} ${config.batchSize}`;
    return this.#kind(name, config.batchSize, (shape, classes) =>
      modelOfConfig(config).graph(shape, classes),
    );
  }

  /** Undefined of a model that can't be made: its trial will say why. */
  #kind(
    name: string,
    batchSize: number,
    graphOf: (shape: ImageKind["imageShape"], classes: number) => Graph,
  ): EpochKind | undefined {
    if (this.#kinds.has(name)) return this.#kinds.get(name);
    const { imageShape, classes, trainImages } = this.#images;
    let kind: EpochKind | undefined;
    try {
      kind = epochKind(graphOf(imageShape, classes), batchSize, trainImages);
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
    }
    this.#kinds.set(name, kind);
    return kind;
  }

  #made(makePlan: PlanTrials<Trial>): StudyPlan<Trial> {
    const plan = makePlan(this.#trials.records, this.#trials.failures);
    checkNames(plan.trials);
    return plan;
  }
}

/** A trial's name is its folder's, and no two have one. */
function checkNames(trials: readonly TrialPlan[]): void {
  const names = new Set<string>();
  for (const { id } of trials) {
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.+=,-]{0,200}$/u.test(id)) {
      throw new UsageError(
        `A trial is called ${JSON.stringify(id)}: expected a folder's name of letters, digits and _ . + = , -, at most 200, that begins with a letter, a digit or _.`,
      );
    }
    if (names.has(id)) throw new UsageError(`Two trials are called ${id}: each has a name of its own.`);
    names.add(id);
  }
}
