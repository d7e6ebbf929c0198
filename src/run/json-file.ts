import type * as z from "zod";
import { HeddleError } from "../core/errors.js";
import { parseJson } from "../core/formats/json.js";
import { checkJson } from "./check-json.js";
import type { Store } from "./store.js";

/** The text of a file; undefined where there is none. */
export async function readText(store: Store, name: string): Promise<string | undefined> {
  const bytes = await store.read(name);
  return bytes && new TextDecoder("utf-8", { fatal: false, ignoreBOM: false }).decode(bytes);
}

/** @param file named in errors @throws HeddleError on what is no JSON */
export function parseJsonText(text: string, file: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new HeddleError(
      `${file} is not JSON${text.trim() === "" ? ", it is empty" : ""}: it was cut off, or changed by hand.`,
      { cause },
    );
  }
}

/**
 * A file of a store that holds JSON; undefined where there is none.
 *
 * @throws HeddleError where it is cut off, or something else.
 */
export async function readJsonFile<Output>(
  store: Store,
  name: string,
  wanted: z.ZodType<Output>,
): Promise<Output | undefined> {
  const text = await readText(store, name);
  if (text === undefined) return undefined;
  const file = store.place(name);
  return checkJson(wanted, parseJsonText(text, file), file);
}

/** @throws HeddleError where it can't be written. */
export async function writeJsonFile(store: Store, name: string, value: object): Promise<void> {
  await store.write(name, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}
