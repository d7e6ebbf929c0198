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
  /** Why nothing more is known, where a file is damaged or missing. */
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
  try {
    const folder = await RunFolder.open(path);
    const config = await folder.readConfig();
    const history = await folder.readHistory();
    return {
      folder: path,
      startedAt: (await folder.readEnvironment())?.startedAt,
      model: config.model,
      epochsDone: epochsDone(history),
      epochs: config.epochs,
      bestValidationAccuracy: bestOf(history)?.validationAccuracy,
      testAccuracy: (await folder.readEvaluation())?.accuracy,
      seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { folder: path, epochsDone: 0, seconds: 0, problem: error.message };
  }
}

/** The epoch whose weights a run keeps as its best; undefined where none ended. */
export function bestOf(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>(
    (best, record) => (!best || isBetter(record, best) ? record : best),
    undefined,
  );
}
