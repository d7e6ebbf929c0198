import { HeddleError } from "../core/errors.js";
import { checkValue, text } from "../core/options/index.js";
import { firstImagesFile } from "./first-images.js";
import { predictionsFile } from "./predictions-file.js";
import { receiptFile } from "./receipt/receipt.js";
import { RunError } from "./run-error.js";
import { noteFile, RunFolder } from "./run-folder.js";
import { hasFile, type Store } from "./store.js";

/** All that training and judging leave in a run, the configuration last: while it is there it is a run. */
const runFiles = [
  "environment.json",
  firstImagesFile,
  "history.jsonl",
  "checkpoint.safetensors",
  "checkpoint.previous.safetensors",
  ...["best", "last", "interrupted", "first", "teacher"].map((name) => `${name}.safetensors`),
  predictionsFile,
  ...["", "-last", "-interrupted"].map((name) => `evaluation${name}.json`),
  receiptFile,
  noteFile,
  "config.json",
];

/** What became of a run that was to be deleted. */
export interface DeletedRun {
  /** Names of files that are gone. */
  readonly deleted: readonly string[];
  /** What else is there and stays, and its place with it: names. */
  readonly left: readonly string[];
}

/** @throws RunError where there is no run */
export async function requireRun(store: Store): Promise<void> {
  if (await hasFile(store, "config.json")) return;
  const there = await store.list();
  throw new RunError(
    there
      ? `${store.where} is no run: it has no config.json. Nothing in it was touched.`
      : `There is no run at ${store.where}: it does not exist.`,
    { code: "noRun", run: store.where },
  );
}

/**
 * Deletes a run: the files that a run has, and its place where nothing else is there. Others stay.
 *
 * @param besides names of other files that belong to it
 * @throws RunError where there is no run. @throws LockedError where it is being trained. @throws HeddleError where a
 * file can't be deleted
 */
export async function deleteRun(store: Store, besides: readonly string[] = []): Promise<DeletedRun> {
  await requireRun(store);
  const lock = await store.lock();
  const deleted: string[] = [];
  let left: readonly string[];
  try {
    const there = new Set(
      ((await store.list()) ?? []).filter(({ kind }) => kind === "file").map(({ name }) => name),
    );
    for (const name of [...besides, ...runFiles]) {
      if (!there.has(name)) continue;
      await store.remove(name);
      deleted.push(name);
    }
    left = ((await store.list()) ?? []).map(({ name }) => name);
  } finally {
    await lock.release();
  }
  if (left.length === 0) await store.removeEmpty();
  return { deleted, left };
}

/** Longer ones belong into a file of their own. */
const longestNote = 10_000;

const noteKind = text(/^/u, "a text");

/**
 * Keeps a note with a run, in the place of the one before; an empty one takes it away.
 *
 * @throws RunError where there is no run. @throws UsageError on what is no text
 */
export async function noteRun(store: Store, note: string): Promise<void> {
  const words = checkValue("noteRun", "note", note, noteKind).trim();
  if (words.length > longestNote) {
    throw new HeddleError(
      `A note of ${words.length} characters is more than a run keeps: at most ${longestNote}. Keep it in a file of its own.`,
    );
  }
  await requireRun(store);
  await new RunFolder(store).writeNote(words);
}
