import { HeddleError } from "../core/errors.js";

/** What is in a store: a file, or a store of its own. */
export interface StoreEntry {
  readonly name: string;
  readonly kind: "file" | "store";
}

/** Whoever holds it is the only one who changes a store's files. */
export interface Lock {
  /** What was in the way, in a sentence: a lock whose holder is gone. */
  readonly takenOver?: string;
  /** Gives the store free; called once more it does nothing. */
  release(): Promise<void>;
}

/** Another one holds the lock, or nobody can say that it doesn't. */
export class LockedError extends HeddleError {
  override readonly name: string = "LockedError";
}

/** Something can't be written: the place fails, whatever was to be kept there. */
export class StoreError extends HeddleError {
  override readonly name: string = "StoreError";
}

/**
 * A place for files, each of them whole at any moment, and for other such places: a folder on a disk, a part of a
 * browser's storage, memory. It may not be there yet. Names are single ones, no paths.
 *
 * What an implementation must hold to, `storeContract` tests.
 */
export interface Store {
  /** What people call it: a folder's path. */
  readonly where: string;
  /** What people call a file in it. */
  place(file: string): string;
  /** The store of this name in it, be it there or not. */
  within(name: string): Store;
  /**
   * What is in it, in any order, without what the store keeps there for itself, such as its lock; undefined where it
   * isn't there.
   *
   * @throws HeddleError where something else is there, or it can't be read.
   */
  list(): Promise<readonly StoreEntry[] | undefined>;
  /** Makes it, and those that it is in. Gives false where something is there. @throws HeddleError where it can't be */
  make(): Promise<boolean>;
  /** All of a file; undefined where it isn't there. @throws HeddleError where it can't be read */
  read(file: string): Promise<Uint8Array | undefined>;
  /**
   * Puts a file in the place of what was there, wholly or not at all: of several at once, the last one's stays.
   *
   * @throws HeddleError where it can't be written
   */
  write(file: string, content: Uint8Array): Promise<void>;
  /** Gives a file the place of another. Gives false where it isn't there. @throws HeddleError where it can't be */
  rename(from: string, to: string): Promise<boolean>;
  /** Takes a file away, if it is there. @throws HeddleError where it can't be */
  remove(file: string): Promise<void>;
  /** Takes the store itself away, if it is there and holds nothing. Gives whether it did. @throws HeddleError where it can't be */
  removeEmpty(): Promise<boolean>;
  /**
   * Makes sure that one at a time works in the store, which is made where it isn't there, and takes away what those
   * before left half-written. The lock of one that is gone is taken over.
   *
   * @throws LockedError where another one works there. @throws HeddleError where the store can't be made.
   */
  lock(): Promise<Lock>;
}

/** Whether a store has a file. */
export async function hasFile(store: Store, file: string): Promise<boolean> {
  return (await store.list())?.some(({ name, kind }) => name === file && kind === "file") ?? false;
}
