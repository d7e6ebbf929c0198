import { HeddleError } from "../core/errors.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../core/formats/checkpoint-file.js";
import type { EpochRecord } from "../core/training/events.js";
import { epochsText, lostEpochs } from "./epochs-done.js";
import { hasFile, type Store } from "./store.js";

const current = "checkpoint.safetensors";
const previous = "checkpoint.previous.safetensors";

/** A checkpoint that a run can go on from, and why any newer one was not taken. */
export interface ChosenCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Its file's path. */
  readonly file: string;
  /** The reason a newer checkpoint was passed over, a sentence or more each. */
  readonly passedOver: readonly string[];
  /** Epochs before it whose figures are gone: no line of the history has them. */
  readonly lostEpochs: readonly number[];
}

/** Writes a run's checkpoint and keeps the one before, so that there is a whole one at any moment. */
export async function writeCheckpoint(store: Store, checkpoint: Checkpoint): Promise<void> {
  await store.rename(current, previous);
  await store.write(current, encodeCheckpoint(checkpoint));
}

/**
 * The newest checkpoint of a run that is whole and passes a check; undefined where there is none at all. One whose
 * epochs are all in the history is taken before a newer one: an epoch that is trained again has its figures again.
 *
 * @param check gives the checkpoint to go on from; throws a HeddleError on one that the run can't go on from
 * @throws HeddleError when there are checkpoints and none can be used, with the reason of each.
 */
export async function chooseCheckpoint(
  store: Store,
  history: readonly EpochRecord[],
  check: (checkpoint: Checkpoint, file: string) => Checkpoint,
): Promise<ChosenCheckpoint | undefined> {
  const passedOver: string[] = [];
  let withGaps: ChosenCheckpoint | undefined;
  for (const name of [current, previous]) {
    const file = store.place(name);
    try {
      const bytes = await store.read(name);
      if (!bytes) continue;
      const checkpoint = check(decodeCheckpoint(bytes, file), file);
      const lost = lostEpochs(history, checkpoint.position.epochsDone);
      if (lost.length === 0) return { checkpoint, file, passedOver, lostEpochs: lost };
      withGaps ??= { checkpoint, file, passedOver: [...passedOver], lostEpochs: lost };
      passedOver.push(
        `${file} stands after epoch ${checkpoint.position.epochsDone}, but ${epochsText(lost)} can't be read in ${store.place("history.jsonl")}.`,
      );
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      passedOver.push(error.message);
    }
  }
  if (withGaps || passedOver.length === 0) return withGaps;
  throw new HeddleError(
    `${store.where} can't be gone on with. ${eachOnce(passedOver, store).join(" ")} ` +
      "Put a whole checkpoint of this run back, or train it again in a new folder; its settings are in config.json.",
  );
}

/** The reasons, without that of the previous checkpoint where it is the newest one's too. */
function eachOnce([first, ...others]: readonly string[], store: Store): string[] {
  const ofNewest = (reason: string): string => reason.replaceAll(store.place(previous), store.place(current));
  return [first, ...others.filter((reason) => ofNewest(reason) !== first)];
}

/** Puts the checkpoint that a run goes on from in the newest one's place: the next one keeps it, not a bad one. */
export async function settleCheckpoint(store: Store, { file }: ChosenCheckpoint): Promise<void> {
  if (file === store.place(previous)) await store.rename(previous, current);
}

export async function hasCheckpoint(store: Store): Promise<boolean> {
  return (await hasFile(store, current)) || (await hasFile(store, previous));
}

/** A finished run needs none. */
export async function removeCheckpoints(store: Store): Promise<void> {
  for (const name of [previous, current]) await store.remove(name);
}
