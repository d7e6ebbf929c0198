import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { errorCode, fileErrorWords } from "../../node/file-errors.js";
import type { RunPredictions } from "../../run/run-record.js";
import { epochTimesFile, readManifest } from "../folder/manifest.js";
import { readEarlierRecords, readTrialPredictions, readTrialRecords } from "../folder/trial-files.js";
import { planLengths, planTrials } from "../plan/plan.js";
import { protocols as currentProtocols, type Protocol } from "../plan/protocol.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import { quickLimit } from "../run/data.js";
import { type EpochTimes, parseEpochTimes } from "./epoch-times.js";
import type { ReproductionResults } from "./results.js";

/** The seeds that are planned, those that are kept first; or, where others were taken, those. */
function seedsOf(planned: readonly number[], records: readonly TrialRecord[]): readonly number[] {
  const kept = [...new Set(records.map(({ config }) => config.seed))].sort((a, b) => a - b);
  const missing = planned.filter((seed) => !kept.includes(seed));
  return kept.every((seed) => planned.includes(seed)) ? [...kept, ...missing] : kept;
}

/** Every trial of the whole reproduction, whatever part of it was asked for: what is missing is to be seen. */
function plannedTrials(
  records: readonly TrialRecord[],
  protocols: readonly Protocol[],
  quick: boolean,
): readonly TrialPlan[] {
  const { epochs, seeds } = planLengths[quick ? "quick" : "whole"];
  const limit = quick ? quickLimit : null;
  const data = records[0]?.config.data ?? "fashion-mnist";
  const done = new Map(records.map((record) => [record.id, record]));
  const options = { part: "all", data, epochs, seeds: seedsOf(seeds, records), limit, protocols } as const;
  return planTrials(options, done).trials;
}

async function readEpochTimes(folder: string): Promise<EpochTimes | null> {
  const file = join(folder, epochTimesFile);
  try {
    return parseEpochTimes(await readFile(file, "utf8"), file);
  } catch (cause) {
    if (cause instanceof HeddleError) throw cause;
    if (errorCode(cause) === "ENOENT") return null;
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
  }
}

/**
 * Everything that a results folder holds; one that isn't there holds nothing.
 *
 * @throws HeddleError naming a file that is damaged.
 */
export async function readResults(folder: string): Promise<ReproductionResults> {
  const [manifest, records, earlier, epochTimes] = await Promise.all([
    readManifest(folder),
    readTrialRecords(folder),
    readEarlierRecords(folder),
    readEpochTimes(folder),
  ]);
  const predictions = new Map<string, RunPredictions>();
  for (const { id } of records) {
    const found = await readTrialPredictions(folder, id);
    if (found) predictions.set(id, found);
  }
  const quick = manifest?.quick ?? records.some(({ config }) => config.limit !== null);
  const protocols = (manifest?.protocols as readonly Protocol[] | undefined) ?? currentProtocols;
  return {
    quick,
    protocols,
    planned: plannedTrials(records, protocols, quick),
    records,
    earlier,
    predictions,
    epochTimes,
  };
}
