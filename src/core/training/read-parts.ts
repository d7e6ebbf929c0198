import { UsageError } from "../errors.js";
import { received } from "../options/index.js";

/**
 * Some properties of an object that a user hands in, each read once; all undefined where it is no object.
 *
 * @param place says what it is: `fit: train`
 * @throws UsageError where reading one fails.
 */
export function readParts<Whole>(
  place: string,
  given: unknown,
  ...names: readonly (keyof Whole & string)[]
): Partial<Whole> {
  if (typeof given !== "object" || given === null) return {};
  try {
    return Object.fromEntries(names.map((name) => [name, Reflect.get(given, name)])) as Partial<Whole>;
  } catch (cause) {
    throw new UsageError(
      `${place} is ${received(given)}: one of its parts (${names.join(", ")}) can't be read.`,
      {
        cause,
      },
    );
  }
}

/** Whether an object has a property; false of what can't be asked. */
export function hasPart(given: unknown, name: string | symbol): boolean {
  try {
    return typeof given === "object" && given !== null && name in given;
  } catch {
    return false;
  }
}

/** `Array.isArray`, false of what can't be asked. */
export function isList(given: unknown): given is readonly unknown[] {
  try {
    return Array.isArray(given);
  } catch {
    return false;
  }
}
