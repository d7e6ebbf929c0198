import { UsageError } from "../errors.js";
import { received } from "./received.js";

/**
 * What an option may be. Kinds are declared once and read by the checks, by messages and by descriptions.
 *
 * `Value` is what a check gives, made canonical; `Given` is what a caller may write for it.
 */
export interface OptionKind<Value, Given = Value> {
  /** In words that follow "must be": `a whole number of 1 or more`. */
  readonly expected: string;
  /** The canonical value, or why there is none. What it throws, as a proxy may, counts as not expected. */
  read(value: unknown): Value | Refusal;
  /** Never set: keeps `Given` in the type, so that a table that refuses what its interface allows won't compile. */
  readonly takes?: (given: Given) => void;
}

/** Why a value was refused, once it is known whose option it is. */
export class Refusal {
  constructor(
    readonly say: (owner: string, option: string) => string,
    /** Whose cause the error has, where something else went wrong before. */
    readonly because: { readonly cause?: unknown } = {},
  ) {}

  /** The same of a part: `within((option) => `${option}[2]`)`. */
  within(part: (option: string) => string): Refusal {
    return new Refusal((owner, option) => this.say(owner, part(option)), this.because);
  }
}

/** The usual refusal: `dense: units must be a whole number of 1 or more, but is "ten".` */
export function refusal(expected: string, value: unknown, hint = ""): Refusal {
  return new Refusal((owner, option) => {
    return `${owner}: ${option} must be ${expected}, but is ${received(value)}.${hint && ` ${hint}`}`;
  });
}

/** A value read as a kind, whatever it is. */
export function readAs<Value>(kind: OptionKind<Value, never>, value: unknown): Value | Refusal {
  try {
    return kind.read(value);
  } catch (cause) {
    return new Refusal(refusal(kind.expected, value).say, { cause });
  }
}

/**
 * Checks one value by itself, such as an argument of a function.
 * @throws UsageError saying what was expected
 */
export function checkValue<Value>(
  owner: string,
  option: string,
  value: unknown,
  kind: OptionKind<Value, never>,
): Value {
  const read = readAs(kind, value);
  if (read instanceof Refusal) throw new UsageError(read.say(owner, option), read.because);
  return read;
}

/** A kind of one's own: `expected` says what `holds` is true of. */
export function kindOfValue<Value>(expected: string, holds: (value: unknown) => boolean): OptionKind<Value> {
  return {
    expected,
    read(value) {
      return holds(value) ? (value as Value) : refusal(expected, value);
    },
  };
}
