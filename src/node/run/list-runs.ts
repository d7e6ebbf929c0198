import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import type { EpochRecord } from "../../core/training/events.js";
import { isBetter } from "../../core/training/loop.js";
import { errorCode, fileErrorWords } from "../file-errors.js";
import { epochsDone } from "./epochs-done.js";
import { RunFolder } from "./run-folder.js";

/** A run in a line; what it hasn't got yet is undefined. */
export interface RunSummary {
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly model?: string;
  readonly epochsDone: number;
  readonly epochs?: number;
  readonly bestValidationAccuracy?: number;
  readonly testAccuracy?: number;
  /** Of all epochs done. */
  readonly seconds: number;
  /** What is damaged or missing; all that the other files tell is here. */
  readonly problem?: string;
}

/**
 * The runs in a folder, oldest first. A damaged one is listed with what is wrong with it.
 *
 * @throws HeddleError when the folder can't be read; one that doesn't exist has no runs.
 */
export async function listRuns(parent: string): Promise<readonly RunSummary[]> {
  const names = await readdir(parent, { withFileTypes: true }).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return [];
    throw new HeddleError(`${parent} can't be read: ${fileErrorWords(cause)}.`, { cause });
  });
  const folders = names.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
  const runs = await Promise.all(folders.map(summarizeRun));
  const key = (run: RunSummary): string => `${run.startedAt ?? ""} ${run.folder}`;
  return runs.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function summarizeRun(path: string): Promise<RunSummary> {
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    if (!(error instanceof HeddleError)) throw error;
    problems.push(error.message);
  };
  const folder = await RunFolder.open(path).catch(note);
  const config = await folder?.readConfig().catch(note);
  if (!folder || !config) return { folder: path, epochsDone: 0, seconds: 0, problem: problems.join(" ") };
  const history = (await folder.readHistory().catch(note)) ?? (await folder.readWholeHistory());
  return {
    folder: path,
    startedAt: (await folder.readEnvironment().catch(note))?.startedAt,
    model: config.model,
    epochsDone: epochsDone(history),
    epochs: config.epochs,
    bestValidationAccuracy: bestOf(history)?.validationAccuracy,
    testAccuracy: (await folder.readEvaluation().catch(note))?.accuracy,
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(problems.length > 0 && { problem: problems.join(" ") }),
  };
}

/** The epoch whose weights a run keeps as its best; undefined where none ended. */
export function bestOf(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>(
    (best, record) => (!best || isBetter(record, best) ? record : best),
    undefined,
  );
}
