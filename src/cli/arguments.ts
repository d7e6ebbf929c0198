import { UsageError } from "../core/errors.js";
import { nearestName } from "../core/options/index.js";

/** The largest whole number that arithmetic keeps exact. */
const largest = Number.MAX_SAFE_INTEGER;

/**
 * A reader of whole numbers for an option.
 *
 * @throws UsageError naming the option, what it got and what it takes.
 */
export function wholeNumber(option: string, least: number, most = largest): (text: string) => number {
  const range = most === largest ? `of ${least} or more` : `from ${least} to ${most}`;
  return (text) => {
    const value = readNumber(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`${option} got "${text}": expected a whole number ${range}.`);
  };
}

/** A reader of any finite number. @throws UsageError naming the option, what it got and what it takes. */
export function finiteNumber(option: string): (text: string) => number {
  return (text) => {
    const value = readNumber(text);
    if (Number.isFinite(value)) return value;
    throw new UsageError(`${option} got "${text}": expected a number, such as 0.001 or 1e-8.`);
  };
}

/** A reader of lists such as `1,2`, without repeats. */
export function numberList(option: string, least: number, most: number): (text: string) => number[] {
  const read = wholeNumber(option, least, most);
  return (text) => [...new Set(text.split(",").map((part) => read(part.trim())))];
}

/** `Number` takes "" for 0 and "0x10" for 16; nobody means that here. */
function readNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}

/**
 * A name out of those known.
 *
 * @param kind what it names, as in "model"
 * @param instead an option that a name of none of these is meant for
 * @throws UsageError with the known names, and the nearest one where the received is likely a slip.
 */
export function chooseName<Name extends string>(
  kind: string,
  received: string,
  known: readonly Name[],
  instead?: string,
): Name {
  const found = known.find((name) => name === received);
  if (found !== undefined) return found;
  const nearest = nearestName(received, known);
  const meant = nearest === undefined ? instead : `"${nearest}"`;
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  throw new UsageError(`Unknown ${kind} "${received}".${hint} Known are ${known.join(", ")}.`);
}
