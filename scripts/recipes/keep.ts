// A results file of a recipe is read anew before each writing: another call may have added its own runs meanwhile.
import { arithmeticVersion } from "#heddle/core/arithmetic.js";
import { writeResult } from "../bench/write-result.js";
import { readResult } from "../docs/results.js";
import {
  type AblationFile,
  type AblationRow,
  arithmeticOf,
  type RecipeFile,
  type RecipeHead,
  type RecipeRun,
} from "./file.js";

/** What a results file holds of a recipe as it is today. @throws Error where it is of another, or of another arithmetic */
export function keptRuns(file: string, head: RecipeHead): RecipeFile {
  return checked(file, head, readResult<RecipeFile>(file) ?? { ...head, runs: [] });
}

/** The same of a recipe's variants. */
export function keptRows(file: string, head: RecipeHead): AblationFile {
  return checked(file, head, readResult<AblationFile>(file) ?? { ...head, rows: [] });
}

/** Adds a run, in the place of one of its seed. @returns the file */
export function keepRun(file: string, head: RecipeHead, run: RecipeRun): string {
  const kept = keptRuns(file, head);
  return writeResult(file, { ...kept, runs: withRun(kept.runs, run) } satisfies RecipeFile);
}

/**
 * Adds a run of a variant.
 *
 * @param order of all variants' changes
 * @returns the file
 */
export function keepVariantRun(
  file: string,
  head: RecipeHead,
  {
    change,
    run,
    order,
  }: { readonly change: string; readonly run: RecipeRun; readonly order: readonly string[] },
): string {
  const kept = keptRows(file, head);
  const row: AblationRow = kept.rows.find((each) => each.change === change) ?? { change, runs: [] };
  const rows = [
    ...kept.rows.filter((each) => each.change !== change),
    { change, runs: withRun(row.runs, run) },
  ].sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
  return writeResult(file, { ...kept, rows } satisfies AblationFile);
}

const withRun = (runs: readonly RecipeRun[], run: RecipeRun): readonly RecipeRun[] =>
  [...runs.filter(({ seed }) => seed !== run.seed), run].sort((a, b) => a.seed - b.seed);

function checked<File extends RecipeHead>(file: string, head: RecipeHead, kept: File): File {
  const others =
    JSON.stringify(kept.settings) !== JSON.stringify(head.settings)
      ? "of other settings than the recipe has today"
      : arithmeticOf(kept) !== arithmeticVersion
        ? `of version ${arithmeticOf(kept)} of the arithmetic, and this is version ${arithmeticVersion}`
        : undefined;
  if (others) throw new Error(`results/${file} is ${others}: take it away, and run this again.`);
  return kept;
}
