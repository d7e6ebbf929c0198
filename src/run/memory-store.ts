import { HeddleError } from "../core/errors.js";
import { plainCopy } from "../core/plain-copy.js";
import { type Lock, LockedError, type Store, type StoreEntry } from "./store.js";

/** What a store in memory holds; made anew it isn't there yet. */
interface Contents {
  made: boolean;
  locked: boolean;
  readonly files: Map<string, Uint8Array>;
  readonly places: Map<string, Contents>;
}

const nothing = (): Contents => ({ made: false, locked: false, files: new Map(), places: new Map() });

/** A store that lasts as long as the program: for tests, for pages, for runs that nobody wants to keep. */
export function memoryStore(where = "memory"): Store {
  return storeOf(nothing(), where, () => undefined);
}

/** @param makeParent makes what the place is in */
function storeOf(contents: Contents, where: string, makeParent: () => void): Store {
  const nameOf = (file: string): string => `${where}/${file}`;
  const make = (): boolean => {
    if (contents.made) return false;
    makeParent();
    contents.made = true;
    return true;
  };
  const missing = (file: string): HeddleError =>
    new HeddleError(`${nameOf(file)} can't be written: ${where} does not exist.`);
  return {
    where,
    place: nameOf,
    within(name) {
      const inner = contents.places.get(name) ?? nothing();
      contents.places.set(name, inner);
      return storeOf(inner, nameOf(name), make);
    },
    async list() {
      if (!contents.made) return undefined;
      const files = [...contents.files.keys()].map((name): StoreEntry => ({ name, kind: "file" }));
      const stores = [...contents.places].filter(([, { made }]) => made);
      return [...files, ...stores.map(([name]): StoreEntry => ({ name, kind: "store" }))];
    },
    async make() {
      return make();
    },
    async read(file) {
      return contents.files.get(file)?.slice();
    },
    async write(file, content) {
      if (!contents.made || contents.places.get(file)?.made) throw missing(file);
      contents.files.set(file, plainCopy(content));
    },
    async rename(from, to) {
      const content = contents.files.get(from);
      if (!content) return false;
      contents.files.delete(from);
      contents.files.set(to, content);
      return true;
    },
    async remove(file) {
      contents.files.delete(file);
    },
    async removeEmpty() {
      const isEmpty = contents.files.size === 0 && ![...contents.places.values()].some(({ made }) => made);
      if (!contents.made || contents.locked || !isEmpty) return false;
      contents.made = false;
      return true;
    },
    async lock(): Promise<Lock> {
      make();
      if (contents.locked) throw new LockedError(`Another one works in ${where} already. Wait for its end.`);
      contents.locked = true;
      let held = true;
      return {
        async release() {
          if (held) contents.locked = false;
          held = false;
        },
      };
    },
  };
}
