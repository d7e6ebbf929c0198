import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { HeddleError } from "../../core/errors.js";
import { diskStore } from "../../node/disk-store.js";
import { errorCode, fileErrorWords } from "../../node/file-errors.js";
import { RunFolder } from "../../run/run-folder.js";
import type { RunPredictions } from "../../run/run-record.js";
import { readManifest, readTrials, trialStore } from "../../study/study.js";
import { earlierFolder, epochTimesFile } from "../folder/own-files.js";
import { planLengths, planTrials } from "../plan/plan.js";
import { protocol as ownProtocol, type Protocol } from "../plan/protocol.js";
import { type TrialPlan, type TrialRecord, trialFacts } from "../plan/trial.js";
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
  records: ReadonlyMap<string, TrialRecord>,
  protocol: Protocol,
  quick: boolean,
): readonly TrialPlan[] {
  const { epochs, seeds } = planLengths[quick ? "quick" : "whole"];
  const limit = quick ? quickLimit : null;
  const kept = seedsOf(seeds, [...records.values()]);
  return planTrials({ part: "all", epochs, seeds: kept, limit, protocol }, records).trials;
}

/** A copied folder would count as another seed. */
function refuseCopies(records: readonly TrialRecord[]): void {
  const first = new Map<string, string>();
  for (const { id, factors } of records) {
    const same = JSON.stringify(factors);
    const other = first.get(same);
    if (other !== undefined)
      throw new HeddleError(
        `trials/${other} and trials/${id} hold one trial twice, and means would count it twice: move one of them out of trials/.`,
      );
    first.set(same, id);
  }
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
  const study = diskStore(folder);
  const [manifest, { records }, earlier, epochTimes] = await Promise.all([
    readManifest(study),
    readTrials(study, trialFacts),
    readTrials(study.within(earlierFolder), trialFacts),
    readEpochTimes(folder),
  ]);
  const predictions = new Map<string, RunPredictions>();
  for (const id of records.keys()) {
    const found = await new RunFolder(trialStore(study, id)).readPredictions();
    if (found) predictions.set(id, found);
  }
  const all = [...records.values()];
  refuseCopies(all);
  const about = manifest?.about as
    | { readonly quick: boolean; readonly protocol: Omit<Protocol, "why"> }
    | undefined;
  const quick = about?.quick ?? all.some(({ config }) => config.limit !== null);
  const named = about?.protocol ?? ownProtocol;
  const protocol = named.name === ownProtocol.name ? ownProtocol : { why: "", ...named };
  return {
    quick,
    data: manifest?.data.name ?? fashionMnist,
    protocol,
    planned: plannedTrials(records, protocol, quick),
    records: all,
    earlier: [...earlier.records.values()],
    predictions,
    epochTimes,
  };
}
