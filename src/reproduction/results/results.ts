import type { RunPredictions } from "../../run/run-record.js";
import type { Protocol } from "../plan/protocol.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import type { EpochTimes } from "./epoch-times.js";

/** What a reproduction's tables and page are made from: whatever is there. */
export interface ReproductionResults {
  /** Small trials for tests and the curious: no reproduction. */
  readonly quick: boolean;
  /** What the trials' images are called. */
  readonly data: string;
  readonly protocol: Protocol;
  /** Every trial that is to be run, as far as known. */
  readonly planned: readonly TrialPlan[];
  /** The trials kept. */
  readonly records: readonly TrialRecord[];
  /** What trials of the same names came to by an earlier arithmetic. */
  readonly earlier: readonly TrialRecord[];
  /** Of each trial that keeps them. */
  readonly predictions: ReadonlyMap<string, RunPredictions>;
  readonly epochTimes: EpochTimes | null;
}
