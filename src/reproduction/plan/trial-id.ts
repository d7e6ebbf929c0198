import { type ScheduleName, scheduleNames } from "../../core/schedules/index.js";
import { type PaperModel, paperModels } from "../paper/paper.js";

/** What a trial's name says of it. */
export type TrialName =
  | {
      /** A model trained by a protocol: Table 2's and Table 4's. */
      readonly kind: "model";
      readonly protocol: string;
      readonly model: PaperModel;
      readonly batchSize: number;
      readonly seed: number;
    }
  | {
      /** The paper's printed setting with an optimizer. */
      readonly kind: "printed";
      readonly optimizer: string;
      readonly seed: number;
    }
  | {
      /** A schedule from a start rate, everything else as a protocol has it. */
      readonly kind: "schedule";
      readonly protocol: string;
      readonly schedule: ScheduleName;
      readonly learningRate: number;
      readonly seed: number;
    }
  | {
      /** The proposed model without its dropout layers, everything else as Table 2 has it. */
      readonly kind: "without-dropout";
      readonly protocol: string;
      readonly seed: number;
    };

/** A trial's name as a file's: `adamw-proposed-128-seed1`, `printed-sgd-seed1`, `adamw-schedule-step-0.002-seed1`, `adamw-without-dropout-seed1`. */
export function trialId(name: TrialName): string {
  const seed = `seed${name.seed}`;
  switch (name.kind) {
    case "model":
      return [name.protocol, name.model, name.batchSize, seed].join("-");
    case "printed":
      return ["printed", name.optimizer, seed].join("-");
    case "schedule":
      return [name.protocol, "schedule", name.schedule, name.learningRate, seed].join("-");
    case "without-dropout":
      return [name.protocol, name.kind, seed].join("-");
  }
}

const oneOf = (names: readonly string[]): string => `(?:${names.join("|")})`;
const printed = /^printed-(?<optimizer>[a-z]+)-seed(?<seed>\d+)$/;
const scheduled = new RegExp(
  `^(?<protocol>.+)-schedule-(?<schedule>${oneOf(scheduleNames)})-(?<learningRate>[\\d.]+(?:e-?\\d+)?)-seed(?<seed>\\d+)$`,
);
const withoutDropout = /^(?<protocol>.+)-without-dropout-seed(?<seed>\d+)$/;
const modelled = new RegExp(
  `^(?<protocol>.+)-(?<model>${oneOf(paperModels)})-(?<batchSize>\\d+)-seed(?<seed>\\d+)$`,
);

/** Reads what `trialId` made; undefined for anything else. */
export function parseTrialId(id: string): TrialName | undefined {
  const found = printed.exec(id) ?? scheduled.exec(id) ?? modelled.exec(id) ?? withoutDropout.exec(id);
  if (!found?.groups) return undefined;
  const { protocol, model, batchSize, optimizer, schedule, learningRate } = found.groups;
  const seed = Number(found.groups.seed);
  if (optimizer !== undefined) return { kind: "printed", optimizer, seed };
  if (schedule !== undefined) {
    return {
      kind: "schedule",
      protocol,
      schedule: schedule as ScheduleName,
      learningRate: Number(learningRate),
      seed,
    };
  }
  if (model === undefined) return { kind: "without-dropout", protocol, seed };
  return { kind: "model", protocol, model: model as PaperModel, batchSize: Number(batchSize), seed };
}
