import { resolve } from "node:path";
import { plural } from "../../core/words.js";
import { diskStore } from "../../node/disk-store.js";
import { deleteRun, noteRun, renameRun } from "../../node/manage-runs.js";
import { requireRun } from "../../run/manage-runs.js";
import { confirm } from "../confirm.js";
import type { CommandOutput } from "./output.js";

/**
 * Deletes runs, once it is certain that all of them are runs and that they are meant.
 *
 * @throws HeddleError where one is no run or is being trained, and where nobody can be asked
 */
export async function deleteRunsCommand(
  { runs, yes = false }: { readonly runs: readonly string[]; readonly yes?: boolean },
  out: CommandOutput,
): Promise<void> {
  const folders = [...new Map(runs.map((run) => [resolve(run), run])).values()];
  for (const folder of folders) await requireRun(diskStore(folder));
  const question = `Delete ${folders.length === 1 ? folders[0] : `${plural(folders.length, "run")}, ${folders.join(", ")}`}, for good?`;
  if (!yes && !(await confirm(question, { otherwise: "--yes deletes without a question" }))) {
    out.stdout("Nothing was deleted.");
    return;
  }
  for (const folder of folders) {
    const { deleted, left } = await deleteRun(folder);
    out.stdout(`Deleted ${folder}: ${plural(deleted.length, "file")}`);
    if (left.length > 0) out.stderr(`${folder} stays, for these are no files of a run: ${left.join(", ")}`);
  }
}

export async function renameRunCommand(
  { run, name }: { readonly run: string; readonly name: string },
  out: CommandOutput,
): Promise<void> {
  out.stdout(`${run} is ${await renameRun(run, name)} now`);
}

export async function noteRunCommand(
  { run, note }: { readonly run: string; readonly note: string },
  out: CommandOutput,
): Promise<void> {
  await noteRun(run, note);
  out.stdout(note.trim() === "" ? `${run} has no note now` : `Noted of ${run}: ${note.trim()}`);
}
