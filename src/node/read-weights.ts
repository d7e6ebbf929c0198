import { readFile, stat } from "node:fs/promises";
import type { RunConfig } from "../run/run-config.js";
import { RunFolder, type WeightsName } from "../run/run-folder.js";
import { diskStore } from "./disk-store.js";
import { readError } from "./file-errors.js";

/** A model file's bytes, and of a run's its folder. */
export interface ReadWeights {
  readonly bytes: Uint8Array;
  /** Named in errors. */
  readonly file: string;
  readonly run?: { readonly folder: RunFolder; readonly config: RunConfig };
}

/** What is in a model file, or in a run's folder of these weights. @throws HeddleError where it can't be read */
export async function readWeights(place: string, weights: WeightsName): Promise<ReadWeights> {
  const unreadable = (cause: unknown): never => {
    throw readError(place, cause);
  };
  if (!(await stat(place).catch(unreadable)).isDirectory())
    return { bytes: await readFile(place).catch(unreadable), file: place };
  const folder = await RunFolder.open(diskStore(place));
  const config = await folder.readConfig();
  return { ...(await folder.readWeights(weights)), run: { folder, config } };
}
