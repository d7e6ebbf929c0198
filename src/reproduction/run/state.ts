import type { EpochEvent } from "../../core/training/events.js";
import { diskStore } from "../../node/disk-store.js";
import { RunFolder } from "../../run/run-folder.js";
import { checkRecords } from "../folder/check-records.js";
import { readTrialRecords } from "../folder/trial-files.js";
import {
  earlierTrials,
  type PlanOptions,
  planLengths,
  planTrials,
  type ReproductionPlan,
} from "../plan/plan.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import { checkBatchSizes, type ReproductionData } from "./data.js";
import { progressOf, type ReproductionProgress } from "./progress.js";
import { trialRun } from "./run-trial.js";
import { EpochSpeeds } from "./speed.js";

/** A plan as it is asked for; what is left out has its default. */
export type RequestedPlan = Pick<PlanOptions, "part"> &
  Partial<Omit<PlanOptions, "data" | "limit" | "largestBatch">>;

/** Where a reproduction stands: what is done, what was begun, what is next, how fast it goes. */
export class ReproductionState {
  readonly #options: PlanOptions;
  readonly #records: Map<string, TrialRecord>;
  /** Of trials that were begun and are not done. */
  readonly #epochsDone: Map<string, number>;
  readonly #speeds: EpochSpeeds;

  private constructor(
    options: PlanOptions,
    records: Map<string, TrialRecord>,
    epochsDone: Map<string, number>,
    speeds: EpochSpeeds,
  ) {
    this.#options = options;
    this.#records = records;
    this.#epochsDone = epochsDone;
    this.#speeds = speeds;
  }

  /**
   * Reads a results folder.
   *
   * @throws HeddleError on a damaged record or one of other settings.
   */
  static async open(
    folder: string,
    requested: RequestedPlan,
    data: ReproductionData,
  ): Promise<ReproductionState> {
    const options = planOptions(requested, data);
    const records = new Map((await readTrialRecords(folder)).map((record) => [record.id, record]));
    const whole = planTrials({ ...options, part: "all" }, records).trials;
    checkRecords(folder, records, [...whole, ...earlierTrials(options)]);
    const { trials } = planTrials(options, records);
    checkBatchSizes(trials, data);
    const speeds = new EpochSpeeds(data);
    const epochsDone = new Map<string, number>();
    for (const { config, history } of records.values()) {
      for (const { seconds } of history) speeds.add(config, seconds);
    }
    for (const { id, config } of whole.filter((trial) => !records.has(trial.id))) {
      const history = await RunFolder.open(diskStore(trialRun(folder, id))).then(
        (run) => run.readWholeHistory(),
        () => undefined,
      );
      if (history) epochsDone.set(id, history.length);
      for (const { seconds } of history ?? []) speeds.add(config, seconds);
    }
    return new ReproductionState(options, records, epochsDone, speeds);
  }

  /** The first trial that is not done; undefined where all are. */
  next(): TrialPlan | undefined {
    return this.#plan().trials.find(({ id }) => !this.#records.has(id));
  }

  noteEpoch({ id, config }: TrialPlan, { epoch, seconds }: EpochEvent): void {
    this.#speeds.add(config, seconds);
    this.#epochsDone.set(id, epoch);
  }

  /** Takes a trial for done. */
  keep(record: TrialRecord): void {
    this.#records.set(record.id, record);
  }

  progress(): ReproductionProgress {
    return progressOf(this.#plan(), this.#records, this.#epochsDone, this.#speeds);
  }

  #plan(): ReproductionPlan {
    return planTrials(this.#options, this.#records);
  }
}

/** Seeds in order, however they were given: the lowest runs what one seed is enough for. */
function planOptions(requested: RequestedPlan, { name, limit, trainImages }: ReproductionData): PlanOptions {
  const defaults = limit === null ? planLengths.whole : { ...planLengths.quick, largestBatch: trainImages };
  const { epochs = defaults.epochs, seeds = defaults.seeds } = requested;
  const inOrder = [...seeds].sort((a, b) => a - b);
  return { ...defaults, ...requested, epochs, seeds: inOrder, data: name, limit };
}
