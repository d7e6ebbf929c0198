import { existsSync } from "node:fs";
import { arithmeticVersion } from "../../core/arithmetic.js";
import { HeddleError } from "../../core/errors.js";
import { heddleVersion } from "../../node/version.js";
import { arithmeticSince } from "../paper/arithmetic.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import { ReproductionError } from "../reproduction-error.js";
import { firstDifference } from "./difference.js";
import { predictionsFile, recordFile } from "./trial-files.js";

/**
 * Holds the records that are kept against what is planned under their names. Others, such as those of more seeds,
 * are left alone. An earlier arithmetic will do for a model whose bytes have been the same since.
 *
 * @throws HeddleError on one of another version or other settings, or without its predictions.
 */
export function checkRecords(
  folder: string,
  records: ReadonlyMap<string, TrialRecord>,
  plans: readonly TrialPlan[],
): void {
  for (const { id, config, environment, arithmeticVersion: its } of records.values()) {
    if (its < arithmeticSince[config.model] || its > arithmeticVersion) {
      throw new ReproductionError(
        "folder",
        `${recordFile(folder, id)} was trained with version ${its} of the arithmetic, and this heddle computes with version ${arithmeticVersion}, by which ${config.model} comes to other bytes: what two train is not put into one table. Delete the record and its trial is run again, choose another folder, or go on with the heddle that made it.`,
      );
    }
    if (environment.heddle === heddleVersion()) continue;
    throw new ReproductionError(
      "folder",
      `${recordFile(folder, id)} was made by heddle ${environment.heddle}, and this is ${heddleVersion()}: what two versions train is not put into one table. Choose another folder, or go on with heddle ${environment.heddle}.`,
    );
  }
  for (const { id, config, keepsPredictions } of plans) {
    const record = records.get(id);
    if (!record) continue;
    const different = firstDifference(record.config, config);
    if (different) {
      const { place, kept, wanted } = different;
      throw new ReproductionError(
        "folder",
        `${recordFile(folder, id)} was trained with ${place} ${kept}, and here it is ${wanted}: two settings are not put under one name. Give the same settings as before, or choose another folder.`,
      );
    }
    if (keepsPredictions && record.test && !existsSync(predictionsFile(folder, id))) {
      throw new HeddleError(
        `${predictionsFile(folder, id)} is missing, and the tables and figures read it. Put it back, or delete ${recordFile(folder, id)} and its trial is run again.`,
      );
    }
  }
}
