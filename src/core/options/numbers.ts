import { type OptionKind, Refusal, refusal } from "./kind.js";

export interface NumberBounds {
  /** The least allowed. */
  readonly from?: number;
  /** All allowed are greater. */
  readonly above?: number;
  /** The greatest allowed. */
  readonly to?: number;
  /** All allowed are less. */
  readonly below?: number;
  /** Stands in parentheses behind the bounds: what the number counts, or its unit. */
  readonly note?: string;
}

/** A small number that keeps quotients finite: less would be nothing, or next to it, in the engine's 32-bit floats. */
export const epsilonNumber = (): OptionKind<number> => number({ from: 1e-30 });

/** Whether a number is finite where the engine takes it, as a 32-bit float: the largest of those is 3.4e38. */
export const isFiniteFloat = (value: number): boolean => Number.isFinite(Math.fround(value));

/** A number within bounds that is finite as a 32-bit float. */
export function number(bounds: NumberBounds = {}): OptionKind<number> {
  const { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity } = bounds;
  return numberKind(boundedWords("a number", "a finite number", bounds), (value) => {
    return isFiniteFloat(value) && value >= from && value > above && value <= to && value < below;
  });
}

/** A whole number that doubles hold exactly. */
export function wholeNumber(bounds: Omit<NumberBounds, "above" | "below"> = {}): OptionKind<number> {
  const { from = -Infinity, to = Infinity } = bounds;
  return numberKind(boundedWords("a whole number", "a whole number", bounds), (value) => {
    return Number.isSafeInteger(value) && value >= from && value <= to;
  });
}

/** 0 ≤ share < 1. */
export function share(note?: string): OptionKind<number> {
  return number({ from: 0, below: 1, note });
}

/** Two numbers within bounds, the lesser first: `[0.6, 1]`. */
export function range(
  bounds: NumberBounds = {},
): OptionKind<readonly [number, number], readonly [number, number]> {
  const each = number(bounds);
  const expected = `[least, greatest], each ${each.expected}`;
  return {
    expected,
    read(value) {
      if (!Array.isArray(value) || value.length !== 2) return refusal(expected, value);
      const [least, greatest] = [each.read(value[0]), each.read(value[1])];
      if (least instanceof Refusal || greatest instanceof Refusal || least > greatest) {
        return refusal(expected, value);
      }
      return [least, greatest];
    },
  };
}

function numberKind(expected: string, holds: (value: number) => boolean): OptionKind<number> {
  return {
    expected,
    // No −0: it would stand in messages and files as another number than 0.
    read(value) {
      if (typeof value !== "number") return refusal(expected, value);
      if (holds(value)) return value + 0;
      const tooLarge = Number.isFinite(value) && !isFiniteFloat(value);
      return refusal(expected, value, tooLarge ? "As a 32-bit float it is infinite: stay below 3.4e38." : "");
    },
  };
}

function boundedWords(what: string, unbounded: string, bounds: NumberBounds): string {
  const { note } = bounds;
  return `${rangeWords(what, unbounded, bounds)}${note === undefined ? "" : ` (${note})`}`;
}

function rangeWords(what: string, unbounded: string, { from, above, to, below }: NumberBounds): string {
  if (from !== undefined) {
    if (to !== undefined) return `${what} from ${from} to ${to}`;
    if (below !== undefined) return `${what} from ${from} up to, not including, ${below}`;
    return `${what} of ${from} or more`;
  }
  const upper = to !== undefined ? `at most ${to}` : below !== undefined ? `below ${below}` : undefined;
  if (above !== undefined) return upper ? `${what} above ${above} and ${upper}` : `${what} above ${above}`;
  return upper ? `${what} of ${upper}`.replace("of below", "below") : unbounded;
}
