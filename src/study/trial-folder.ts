import * as z from "zod";
import { HeddleError } from "../core/errors.js";
import { bestOf } from "../run/best-of.js";
import { checkJson } from "../run/check-json.js";
import { epochsDone } from "../run/epochs-done.js";
import { readJsonFile, writeJsonFile } from "../run/json-file.js";
import type { RunConfig } from "../run/run-config.js";
import type { RunEpoch } from "../run/run-epoch.js";
import { RunFolder } from "../run/run-folder.js";
import type { Store } from "../run/store.js";
import type { Facts, TrainFigures, TrialEnvironment, TrialFailure, TrialRecord } from "./trial.js";

/** Beside a run's own files: what the study knows of it. Written last, it makes the trial count. */
const trialFile = "trial.json";

const figures = z.object({ accuracy: z.number().min(0).max(1), loss: z.number() });

const trialSchema = z.object({
  factors: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  outcome: z.enum(["finished", "diverged", "paused", "failed"]),
  /** Epochs that count: of a trial that paused there may be more. */
  epochs: z.number().int().min(0),
  message: z.string().optional(),
  settings: z.record(z.string(), z.json()).optional(),
  train: figures.nullable().default(null),
});

/** What a study says of a trial that its run folder doesn't. */
export interface TrialNote<Factors extends Facts = Facts> {
  readonly factors: Factors;
  readonly outcome: TrialRecord["outcome"] | "failed";
  readonly epochs: number;
  /** Why it diverged or failed. */
  readonly message?: string;
  /** Of one that failed: there may be no configuration of a run. */
  readonly settings?: object;
  readonly train?: TrainFigures | null;
}

/** The place of a study's trials. */
export const trialsOf = (study: Store): Store => study.within("trials");

/** Where a trial's run folder is. */
export const trialStore = (study: Store, id: string): Store => trialsOf(study).within(id);

/** Makes a trial count. @throws HeddleError when it can't be written. */
export async function writeTrialNote(store: Store, note: TrialNote): Promise<void> {
  await store.make();
  await writeJsonFile(store, trialFile, note);
}

/** Lets a trial that was set aside be tried again. What it left of a run stays. */
export async function removeFailure(store: Store): Promise<void> {
  const note = await readJsonFile(store, trialFile, trialSchema);
  if (note?.outcome === "failed") await store.remove(trialFile);
}

/** Every trial of a study that counts, by name. */
export interface Trials<Factors extends Facts = Facts> {
  readonly records: Map<string, TrialRecord<Factors>>;
  readonly failures: Map<string, TrialFailure<Factors>>;
}

/**
 * Reads the trials that ended, paused or were set aside, by name. Those that were cut off before are left out.
 *
 * @param study a place without trials has none
 * @param factors what the facts of this study's trials are (default: any)
 * @throws HeddleError naming a file that is cut off, damaged or something else.
 */
export async function readTrials<Factors extends Facts = Facts>(
  study: Store,
  factors?: z.ZodType<Factors>,
): Promise<Trials<Factors>> {
  const entries = (await trialsOf(study).list()) ?? [];
  const ids = entries.filter(({ kind }) => kind === "store").map(({ name }) => name);
  const records = new Map<string, TrialRecord<Factors>>();
  const failures = new Map<string, TrialFailure<Factors>>();
  for (const id of ids.sort()) {
    const read = await readTrial(trialStore(study, id), id, factors);
    if (!read) continue;
    if ("config" in read) records.set(id, read);
    else failures.set(id, read);
  }
  return { records, failures };
}

/** A trial that counts; undefined where it was cut off before. @throws HeddleError as `readTrials` does */
export async function readTrial<Factors extends Facts = Facts>(
  store: Store,
  id: string,
  factorsSchema?: z.ZodType<Factors>,
): Promise<TrialRecord<Factors> | TrialFailure<Factors> | undefined> {
  try {
    const note = await readNote(store, factorsSchema);
    if (!note) return undefined;
    const { factors, outcome, message, epochs, settings, train = null } = note;
    if (outcome === "failed")
      return { id, factors, message: message ?? "It failed.", ...(settings && { settings }) };
    const folder = new RunFolder(store);
    const config = await folder.readConfig();
    const history = (await folder.readHistory()).slice(0, epochs);
    if (epochsDone(history) < epochs) {
      // It was gone on with from a checkpoint before its pause, and cut off again.
      if (outcome === "paused") return undefined;
      throw new HeddleError(
        `${store.place("history.jsonl")} has ${history.length} of the ${epochs} epochs that were trained.`,
      );
    }
    const environment: TrialEnvironment | undefined = environmentOf(await folder.readEnvironment());
    if (!environment) throw new HeddleError(`${store.where} has no environment.json.`);
    return {
      id,
      factors,
      outcome,
      ...(message !== undefined && { message }),
      config,
      environment,
      history,
      bestEpoch: bestEpochOf(config, history),
      test: (outcome !== "paused" && (await folder.readWholeEvaluation())) || null,
      train,
    };
  } catch (cause) {
    if (!(cause instanceof HeddleError)) throw cause;
    throw new HeddleError(
      `${cause.message} Put it back, or delete ${store.where} and the trial is run again.`,
      { cause },
    );
  }
}

/** The best epoch of a run on its validation images; 0 where none ended. */
const bestEpochOf = (config: RunConfig, history: readonly RunEpoch[]): number =>
  bestOf(history, config.earlyStopping)?.epoch ?? 0;

/** The run's own reader is loose: what else it holds is as a host describes itself. */
const environmentOf = (environment: object | undefined): TrialEnvironment | undefined =>
  environment as TrialEnvironment | undefined;

async function readNote<Factors extends Facts>(
  store: Store,
  factorsSchema: z.ZodType<Factors> | undefined,
): Promise<TrialNote<Factors> | undefined> {
  const note = await readJsonFile(store, trialFile, trialSchema);
  if (!note) return undefined;
  const factors = factorsSchema
    ? checkJson(factorsSchema, note.factors, store.place(trialFile))
    : (note.factors as Factors);
  return { ...note, factors };
}
