import { HeddleError } from "../core/errors.js";
import { type Lock, LockedError, type Store, type StoreEntry } from "./store.js";

/** What a store in memory holds; made anew it isn't there yet. */
interface Place {
  made: boolean;
  locked: boolean;
  readonly files: Map<string, Uint8Array>;
  readonly places: Map<string, Place>;
}

const newPlace = (): Place => ({ made: false, locked: false, files: new Map(), places: new Map() });

/** A store that lasts as long as the program: for tests, for pages, for runs that nobody wants to keep. */
export function memoryStore(where = "memory"): Store {
  return storeOf(newPlace(), where, () => undefined);
}

/** @param makeParent makes what the place is in */
function storeOf(place: Place, where: string, makeParent: () => void): Store {
  const nameOf = (file: string): string => `${where}/${file}`;
  const make = (): boolean => {
    if (place.made) return false;
    makeParent();
    place.made = true;
    return true;
  };
  const missing = (file: string): HeddleError =>
    new HeddleError(`${nameOf(file)} can't be written: ${where} does not exist.`);
  return {
    where,
    place: nameOf,
    within(name) {
      const inner = place.places.get(name) ?? newPlace();
      place.places.set(name, inner);
      return storeOf(inner, nameOf(name), make);
    },
    async list() {
      if (!place.made) return undefined;
      const files = [...place.files.keys()].map((name): StoreEntry => ({ name, kind: "file" }));
      const stores = [...place.places].filter(([, { made }]) => made);
      return [...files, ...stores.map(([name]): StoreEntry => ({ name, kind: "store" }))];
    },
    async make() {
      return make();
    },
    async read(file) {
      return place.files.get(file)?.slice();
    },
    async write(file, content) {
      if (!place.made || place.places.get(file)?.made) throw missing(file);
      place.files.set(file, content.slice());
    },
    async rename(from, to) {
      const content = place.files.get(from);
      if (!content) return false;
      place.files.delete(from);
      place.files.set(to, content);
      return true;
    },
    async remove(file) {
      place.files.delete(file);
    },
    async lock(): Promise<Lock> {
      make();
      if (place.locked) throw new LockedError(`Another one works in ${where} already. Wait for its end.`);
      place.locked = true;
      let held = true;
      return {
        async release() {
          if (held) place.locked = false;
          held = false;
        },
      };
    },
  };
}
