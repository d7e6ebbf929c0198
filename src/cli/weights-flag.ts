import { statSync } from "node:fs";
import { UsageError } from "../core/errors.js";
import { type WeightsName, weightsNames } from "../run/run-folder.js";
import { chooseName } from "./arguments.js";

/**
 * Which of a run's weights are taken: the best, unless `--weights` says others.
 *
 * @param places folders of runs, or model files
 * @throws UsageError on an unknown name, and where no place is one that has several
 */
export function weightsFrom(given: string | undefined, places: readonly string[]): WeightsName {
  if (given === undefined) return "best";
  const name = chooseName("weights", given, weightsNames);
  if (!places.every((place) => statSync(place, { throwIfNoEntry: false })?.isFile())) return name;
  throw new UsageError(
    `--weights says which of a run's weights are taken, but ${places.join(", ")} ${places.length === 1 ? "is a file that has its own" : "are files that have their own"}: leave it out, or name a run's folder.`,
  );
}
