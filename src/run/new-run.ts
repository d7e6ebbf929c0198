import { HeddleError } from "../core/errors.js";
import { readOwnFile } from "../core/formats/own-file.js";
import type { Store, StoreEntry } from "./store.js";
import { teacherFile, teacherFormat } from "./teacher-record.js";

/** Whether there is a place for a run in which none was begun: it holds no more than what comes before a configuration. */
export async function isUnbegun(store: Store): Promise<boolean> {
  const found = await store.list();
  return found !== undefined && holdsNoRun(store, found);
}

/** Whether there is nothing, or what a teacher said alone, which is written before a configuration. */
async function holdsNoRun(store: Store, [first, ...others]: readonly StoreEntry[]): Promise<boolean> {
  if (!first) return true;
  if (others.length > 0 || first.name !== teacherFile || first.kind !== "file") return false;
  try {
    readOwnFile((await store.read(teacherFile))!, store.place(teacherFile), teacherFormat);
    return true;
  } catch (error) {
    if (error instanceof HeddleError) return false;
    throw error;
  }
}

/**
 * Makes the place of a new run, or takes one over in which none began.
 *
 * @throws HeddleError when there is something else already, or it can't be made.
 */
export async function makeRunStore(store: Store): Promise<void> {
  if (!(await store.make())) await requireFree(store);
}

/**
 * Makes `<UTC time>-<model>` in a store, with a number behind it where that exists.
 *
 * @throws HeddleError when it can't be made.
 */
export async function makeNamedStore(runs: Store, model: string, now = new Date()): Promise<Store> {
  // What a model is called is for people, and may be anything.
  const word = model.replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 64);
  const name = `${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z-${word}`;
  for (let number = 1; ; number++) {
    const store = runs.within(number === 1 ? name : `${name}-${number}`);
    if (await store.make()) return store;
  }
}

/**
 * Whether a new run may be kept in a store: there is nothing, or no more than what a run leaves that is cut off
 * before its configuration is written.
 *
 * @throws HeddleError when something else is there.
 */
export async function requireFree(store: Store): Promise<void> {
  const isFree = await store.list().then(
    (found) => found === undefined || holdsNoRun(store, found),
    (error: unknown) => {
      if (!(error instanceof HeddleError)) throw error;
      return false;
    },
  );
  if (isFree) return;
  throw new HeddleError(
    `${store.where} exists already, and a run is never written over. Choose another folder, or move that one away.`,
  );
}
