import type * as z from "zod";
import { HeddleError } from "../core/errors.js";
import { parseJson } from "../core/formats/json.js";
import { checkJson } from "../run/check-json.js";
import type { Store } from "../run/store.js";

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
  const bytes = await store.read(name);
  if (!bytes) return undefined;
  const file = store.place(name);
  let json: unknown;
  try {
    json = parseJson(new TextDecoder("utf-8", { fatal: false, ignoreBOM: false }).decode(bytes));
  } catch (cause) {
    throw new HeddleError(`${file} is not JSON: it was cut off, or changed by hand.`, { cause });
  }
  return checkJson(wanted, json, file);
}

/** @throws HeddleError where it can't be written. */
export async function writeJsonFile(store: Store, name: string, value: object): Promise<void> {
  await store.write(name, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}
