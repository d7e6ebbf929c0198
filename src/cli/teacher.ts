import { basename, join, resolve } from "node:path";
import { HeddleError } from "../core/errors.js";
import type { RecipeTeacher } from "../recipes/index.js";
import type { RunTeacher } from "../run/teacher.js";
import { shellPath } from "./shell-word.js";

/** Where a recipe's teacher is kept, whose network is kept in a folder: beside that, however it is written. */
export const teacherPlace = (folder: string): string =>
  join(folder, "..", `${basename(resolve(folder))}-teacher`);

/** How a recipe is gone on with whose teacher is in a folder. */
export const teacherAdvice = (folder: string): string =>
  `the same command with --teacher ${shellPath(folder)}`;

/**
 * What a trained model teaches, from its file or the folder of its run.
 *
 * @param shares what a recipe makes of it
 * @throws HeddleError where there is none, or its run is not at its end
 */
export async function taughtBy(place: string, shares: Partial<RecipeTeacher> = {}): Promise<RunTeacher> {
  const { readWeights } = await import("../node/read-weights.js");
  const { bytes, file, run } = await readWeights(place, "best");
  if (run) {
    const { requireFinished } = await import("./finished-run.js");
    await requireFinished({ what: "teacher", option: "--teacher", place, file, run });
  }
  const { settings: _, ...others } = shares;
  // A path would make another configuration of the same training.
  const name = run?.config.model ?? basename(place).replace(/\.safetensors$/u, "");
  return { ...others, model: bytes, name };
}

/**
 * Makes sure, before a recipe's teacher is trained, that it and what it is to teach can be kept.
 *
 * @throws HeddleError where something is in the way: of a teacher from before, how to take it
 */
export async function requirePlaces(folder: string): Promise<void> {
  const { diskStore } = await import("../node/disk-store.js");
  const { requireFree } = await import("../run/new-run.js");
  await requireFree(diskStore(folder));
  const place = teacherPlace(folder);
  await requireFree(diskStore(place)).catch((error: unknown) => {
    if (!(error instanceof HeddleError)) throw error;
    throw new HeddleError(
      `${error.message} If it is this recipe's teacher, of a command that was interrupted, ${teacherAdvice(place)} takes it.`,
      { cause: error },
    );
  });
}
