import { UsageError } from "../errors.js";
import { listed } from "../words.js";
import { Refusal, readAs } from "./kind.js";
import { nearestName } from "./nearest.js";
import { quoted, received } from "./received.js";
import type { AnyOptionTable } from "./table.js";

export interface OptionListSettings<Table> {
  /** What one of them is called: `augmentation`. */
  readonly one: string;
  /** A list of them, for messages. */
  readonly example: string;
  /** What a name stands for that comes without a value. */
  readonly usual: { readonly [Name in keyof Table]: unknown };
  /** Whether "none" asks for nothing. */
  readonly orNone?: boolean;
}

/**
 * Reads options as people write them in one word, `flip,shift=2,crop=0.6-1`: what is given, each checked by its
 * kind. Values are numbers, two numbers with a dash between them, true or false, or names.
 *
 * @throws UsageError on an unknown or repeated name, or a value that is not allowed.
 */
export function readOptionList<Table extends AnyOptionTable>(
  text: unknown,
  table: Table,
  { one, example, usual, orNone = false }: OptionListSettings<Table>,
): Partial<Record<keyof Table, unknown>> {
  const title = `${one[0].toUpperCase()}${one.slice(1)}`;
  if (typeof text !== "string") {
    throw new UsageError(`${title} as text must be a list such as "${example}", but is ${received(text)}.`);
  }
  const given: Partial<Record<keyof Table, unknown>> = {};
  if (orNone && text.trim() === "none") return given;
  const names = Object.keys(table);
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const separator = part.indexOf("=");
    const name = separator === -1 ? part : part.slice(0, separator).trim();
    if (Object.hasOwn(given, name)) {
      throw new UsageError(`${title} ${quoted(name)} is given twice in ${quoted(text)}.`);
    }
    if (!Object.hasOwn(table, name)) {
      const nearest = nearestName(name, names);
      throw new UsageError(
        `Unknown ${one} ${quoted(name)}${nearest ? ` (did you mean ${nearest}?)` : ""}: expected ` +
          `${listed(names, "or")}, in a list such as ${example}${orNone ? ", or none" : ""}.`,
      );
    }
    const { kind } = table[name];
    const value = separator === -1 ? usual[name] : valueIn(part.slice(separator + 1).trim());
    const read = readAs(kind, value);
    if (read instanceof Refusal) {
      throw new UsageError(`${title} ${quoted(part)} is out of range: expected ${kind.expected}.`);
    }
    given[name as keyof Table] = read;
  }
  return given;
}

function valueIn(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  const [least, greatest, ...more] = text.split("-").map(numberOf);
  if (more.length === 0 && least !== undefined && greatest !== undefined) return [least, greatest];
  return numberOf(text) ?? text;
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}
