import * as z from "zod";
import { scheduleNames } from "../../core/schedules/index.js";
import type { TrialPlan as AnyTrialPlan, TrialRecord as AnyTrialRecord } from "../../study/study.js";
import { trainedModels } from "../paper/paper.js";
import type { Experiment } from "./experiments.js";

/** What tells a reproduction's trials apart. */
export const trialFacts = z.object({
  /** What it is of: a model by the protocol, the printed setting, a schedule, the subject without dropout. */
  experiment: z.enum(["model", "printed", "schedule", "without-dropout"]),
  model: z.enum(trainedModels),
  /** As the tables have it: of fewer images a batch is cut to what trains. */
  batchSize: z.number(),
  optimizer: z.string(),
  schedule: z.enum(scheduleNames),
  /** At the start. */
  learningRate: z.number(),
  seed: z.number(),
});

export type TrialFacts = z.infer<typeof trialFacts>;

/** One training of a reproduction, planned. */
export interface TrialPlan extends AnyTrialPlan<TrialFacts> {
  /** What it is run for: it may serve several. */
  readonly experiments: readonly Experiment[];
}

export type TrialRecord = AnyTrialRecord<TrialFacts>;
