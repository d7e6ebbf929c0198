import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CacheError } from "../data/cache.js";
import { errorCode } from "../file-errors.js";
import { makeFolders } from "../make-folders.js";
import { isLeftover } from "../write-file.js";
import { digestOf, readSegmentIndex, type SegmentEntry, segmentEnd } from "./picture-segment.js";

/** Where decoded pictures are kept while a data set is made, and read from where it is larger than memory. */
export interface PictureStore {
  /** What is known of a file's picture, by its path. */
  find(path: string): SegmentEntry | undefined;
  /** Keeps a decoded picture, from then on found in place of an earlier one of its path. */
  add(entry: Omit<SegmentEntry, "digest">, image: Uint8Array): Promise<void>;
  /** Makes what was added last. */
  flush(): Promise<void>;
  /** Reads a picture. Gives false where it isn't there or was damaged. */
  read(path: string, into: Uint8Array): Promise<boolean>;
  /** Ends all use. */
  close(): Promise<void>;
}

/** Decoded pictures in memory, for this process alone. */
export function memoryStore(): PictureStore {
  const held = new Map<string, { readonly entry: SegmentEntry; readonly image: Uint8Array }>();
  return {
    find: (path) => held.get(path)?.entry,
    add: async (entry, image) => {
      held.set(entry.path, { entry: { ...entry, digest: "" }, image });
    },
    flush: async () => undefined,
    read: async (path, into) => {
      const image = held.get(path)?.image;
      if (image) into.set(image);
      return image !== undefined;
    },
    close: async () => held.clear(),
  };
}

const ending = ".pictures";
/** A segment being written is ended and made last after so many bytes: what a process that is killed loses. */
const segmentBytes = 2 ** 26;
/** More segments than this are joined. */
const mostSegments = 24;
/** What a process that was cut off left behind, and none writes any more, milliseconds. */
const leftoverAge = 24 * 3600 * 1000;

interface Place {
  readonly segment: string;
  readonly offset: number;
  readonly entry: SegmentEntry;
}

/**
 * Decoded pictures on disk, of one data set and one preparation: a folder of segments. Each is written beside its place
 * and renamed, never changed, so that any number of processes may add theirs; of a picture that stands in two, the newer
 * one's counts. One that isn't whole is taken away.
 */
export class DiskPictureStore implements PictureStore {
  readonly #folder: string;
  readonly #imageBytes: number;
  readonly #places = new Map<string, Place>();
  readonly #files = new Map<string, FileHandle>();
  #writing: { readonly file: FileHandle; readonly name: string; entries: SegmentEntry[] } | undefined;
  #turn: Promise<void> = Promise.resolve();

  private constructor(folder: string, imageBytes: number) {
    this.#folder = folder;
    this.#imageBytes = imageBytes;
  }

  /**
   * @param settings whatever decides what pictures become, and of which data set
   * @param imageBytes of each
   * @throws CacheError when the folder can't be made or read
   */
  static async open(cache: string, settings: unknown, imageBytes: number): Promise<DiskPictureStore> {
    const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 32);
    const store = new DiskPictureStore(join(cache, "pictures", key), imageBytes);
    await store.#load();
    return store;
  }

  get folder(): string {
    return this.#folder;
  }

  find(path: string): SegmentEntry | undefined {
    return this.#places.get(path)?.entry;
  }

  add(entry: Omit<SegmentEntry, "digest">, image: Uint8Array): Promise<void> {
    return this.#inTurn(() => this.#append({ ...entry, digest: digestOf(image) }, image));
  }

  flush(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#endSegment();
      await this.#join();
    });
  }

  async read(path: string, into: Uint8Array): Promise<boolean> {
    const place = this.#places.get(path);
    if (!place) return false;
    try {
      const file = await this.#opened(place.segment);
      const { bytesRead } = await file.read(into, 0, this.#imageBytes, place.offset);
      return bytesRead === this.#imageBytes && digestOf(into) === place.entry.digest;
    } catch {
      // Another process may have joined the segments meanwhile.
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#endSegment());
    await this.#closeFiles();
  }

  /** One at a time, whoever calls. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work).catch((cause: unknown) => {
      throw cause instanceof CacheError ? cause : new CacheError(this.#folder, cause);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #load(): Promise<void> {
    try {
      await makeFolders(this.#folder);
      const names = await readdir(this.#folder);
      await Promise.all(names.filter(isLeftover).map((name) => this.#sweep(name)));
      const segments = await Promise.all(
        names
          .filter((name) => name.endsWith(ending) && !isLeftover(name))
          .map(async (name) => ({
            name,
            time: (await stat(join(this.#folder, name)).catch(() => undefined))?.mtimeMs ?? 0,
          })),
      );
      segments.sort((a, b) => a.time - b.time || (a.name < b.name ? -1 : 1));
      for (const { name } of segments) await this.#loadSegment(name);
    } catch (cause) {
      throw new CacheError(this.#folder, cause);
    }
  }

  async #sweep(name: string): Promise<void> {
    const place = join(this.#folder, name);
    const time = (await stat(place).catch(() => undefined))?.mtimeMs;
    if (time !== undefined && Date.now() - time > leftoverAge)
      await rm(place, { force: true }).catch(() => undefined);
  }

  async #loadSegment(segment: string): Promise<void> {
    const file = await this.#opened(segment).catch(() => undefined);
    if (!file) return;
    const entries = await readSegmentIndex(file, this.#imageBytes).catch(() => undefined);
    if (!entries) {
      await this.#forget(segment);
      return;
    }
    for (const [index, entry] of entries.entries()) {
      this.#places.set(entry.path, { segment, offset: index * this.#imageBytes, entry });
    }
  }

  async #opened(segment: string): Promise<FileHandle> {
    const known = this.#files.get(segment);
    if (known) return known;
    const file = await open(join(this.#folder, segment), "r");
    const first = this.#files.get(segment);
    if (first) {
      await file.close();
      return first;
    }
    this.#files.set(segment, file);
    return file;
  }

  async #append(entry: SegmentEntry, image: Uint8Array): Promise<void> {
    if (!this.#writing) {
      const name = `.${randomBytes(8).toString("hex")}${ending}.${randomBytes(4).toString("hex")}.tmp`;
      // Caches are taken away by whoever makes room.
      await makeFolders(this.#folder);
      this.#writing = { file: await open(join(this.#folder, name), "wx+"), name, entries: [] };
    }
    const { file, entries } = this.#writing;
    await file.write(image, 0, image.length, entries.length * this.#imageBytes);
    entries.push(entry);
    if (entries.length * this.#imageBytes >= segmentBytes) await this.#endSegment();
  }

  async #endSegment(): Promise<void> {
    const writing = this.#writing;
    if (!writing) return;
    this.#writing = undefined;
    const { file, name, entries } = writing;
    const segment = name.slice(1, name.indexOf(ending) + ending.length);
    try {
      const end = segmentEnd(entries);
      await file.write(end, 0, end.length, entries.length * this.#imageBytes);
      await file.sync();
      await rename(join(this.#folder, name), join(this.#folder, segment));
    } catch (cause) {
      await rm(join(this.#folder, name), { force: true }).catch(() => undefined);
      // A cache that somebody takes away meanwhile is no more than work to be done again.
      if (errorCode(cause) === "ENOENT") return;
      throw cause;
    } finally {
      await file.close();
    }
    await this.#loadSegment(segment);
  }

  /** Many small segments, or those of which little is still wanted, become few. */
  async #join(): Promise<void> {
    const used = new Map<string, Place[]>();
    for (const segment of this.#files.keys()) used.set(segment, []);
    for (const place of this.#places.values()) used.get(place.segment)?.push(place);
    for (const [segment, places] of used) if (places.length === 0) await this.#forget(segment);
    if (this.#files.size <= mostSegments) return;
    const small = [...used].filter(([, places]) => places.length * this.#imageBytes < segmentBytes / 2);
    if (small.length < 2) return;
    const image = new Uint8Array(this.#imageBytes);
    for (const { entry } of small.flatMap(([, places]) => places)) {
      if (await this.read(entry.path, image)) await this.#append(entry, image);
    }
    await this.#endSegment();
    for (const [segment] of small) await this.#forget(segment);
  }

  /** Takes a segment away, and what stands in no other with it. */
  async #forget(segment: string): Promise<void> {
    for (const [path, place] of this.#places) if (place.segment === segment) this.#places.delete(path);
    await this.#files.get(segment)?.close();
    this.#files.delete(segment);
    await rm(join(this.#folder, segment), { force: true }).catch(() => undefined);
  }

  async #closeFiles(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map((file) => file.close()));
  }
}
