import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../core/formats/checkpoint-file.js";
import type { EpochRecord } from "../../core/training/events.js";
import { errorCode, fileErrorWords, writeError } from "../file-errors.js";
import { writeFileWhole } from "../write-file.js";
import { epochsText, lostEpochs } from "./epochs-done.js";

const current = "checkpoint.safetensors";
const previous = "checkpoint.previous.safetensors";

/** A checkpoint that a run can go on from, and why any newer one was not taken. */
export interface ChosenCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly file: string;
  /** The reason a newer checkpoint was passed over, a sentence or more each. */
  readonly passedOver: readonly string[];
  /** Epochs before it whose figures are gone: no line of the history has them. */
  readonly lostEpochs: readonly number[];
}

/** Writes a run's checkpoint and keeps the one before, so that there is a whole one at any moment. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const file = join(folder, current);
  try {
    await rename(file, join(folder, previous));
  } catch (cause) {
    if (errorCode(cause) !== "ENOENT") throw writeError(file, cause);
  }
  await writeFileWhole(file, encodeCheckpoint(checkpoint));
}

/**
 * The newest checkpoint of a run that is whole and passes a check; undefined where there is none at all. One whose
 * epochs are all in the history is taken before a newer one: an epoch that is trained again has its figures again.
 *
 * @param check gives the checkpoint to go on from; throws a HeddleError on one that the run can't go on from
 * @throws HeddleError when there are checkpoints and none can be used, with the reason of each.
 */
export async function chooseCheckpoint(
  folder: string,
  history: readonly EpochRecord[],
  check: (checkpoint: Checkpoint, file: string) => Checkpoint,
): Promise<ChosenCheckpoint | undefined> {
  const passedOver: string[] = [];
  let withGaps: ChosenCheckpoint | undefined;
  for (const name of [current, previous]) {
    const file = join(folder, name);
    try {
      const bytes = await readIfThere(file);
      if (!bytes) continue;
      const checkpoint = check(decodeCheckpoint(bytes, file), file);
      const lost = lostEpochs(history, checkpoint.position.epochsDone);
      if (lost.length === 0) return { checkpoint, file, passedOver, lostEpochs: lost };
      withGaps ??= { checkpoint, file, passedOver: [...passedOver], lostEpochs: lost };
      passedOver.push(
        `${file} stands after epoch ${checkpoint.position.epochsDone}, but ${epochsText(lost)} can't be read in ${folder}/history.jsonl.`,
      );
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      passedOver.push(error.message);
    }
  }
  if (withGaps || passedOver.length === 0) return withGaps;
  throw new HeddleError(
    `${folder} can't be gone on with. ${passedOver.join(" ")} ` +
      "Put a whole checkpoint of this run back, or train it again in a new folder; its settings are in config.json.",
  );
}

/** Puts the checkpoint that a run goes on from in the newest one's place: the next one keeps it, not a bad one. */
export async function settleCheckpoint(folder: string, { file }: ChosenCheckpoint): Promise<void> {
  const place = join(folder, current);
  if (file === place) return;
  await rename(file, place).catch((cause: unknown) => {
    throw writeError(place, cause);
  });
}

export async function hasCheckpoint(folder: string): Promise<boolean> {
  for (const name of [current, previous]) if (await readIfThere(join(folder, name))) return true;
  return false;
}

/** A finished run needs none. */
export async function removeCheckpoints(folder: string): Promise<void> {
  for (const name of [previous, current]) {
    const file = join(folder, name);
    await rm(file, { force: true }).catch((cause: unknown) => {
      throw new HeddleError(`${file} can't be removed: ${fileErrorWords(cause)}.`, { cause });
    });
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new HeddleError(`${file} can't be read: ${fileErrorWords(cause)}.`, { cause });
  }
}
