import { HeddleError } from "../core/errors.js";
import { isAtEnd } from "../run/at-end.js";
import { epochsDone } from "../run/epochs-done.js";
import type { RunConfig } from "../run/run-config.js";
import type { RunFolder } from "../run/run-folder.js";
import { shellPath } from "./shell-word.js";

/** A run whose best weights another training is to begin with. */
export interface RunToTake {
  /** What it is to the other: a teacher or a body. */
  readonly what: string;
  /** Which names it. */
  readonly option: string;
  /** The run's folder, as people named it, and the file in it that is taken. */
  readonly place: string;
  readonly file: string;
  readonly run: { readonly folder: RunFolder; readonly config: RunConfig };
}

/** @throws HeddleError where the run has more to train: how to go on with it, or take it as it is */
export async function requireFinished({ what, option, place, file, run }: RunToTake): Promise<void> {
  const history = await run.folder.readWholeHistory();
  if (await isAtEnd(run.folder, run.config, history)) return;
  throw new HeddleError(
    `The ${what} ${place} is not at its end: ${epochsDone(history)} of its ${run.config.epochs} epochs are done. Go on with it by \`heddle train --resume ${shellPath(place)}\`, or give ${option} ${shellPath(file)} to take its best weights so far.`,
  );
}
