import { type OptionKind, optionsOf, Refusal, refusal, type Settled, wholeNumber } from "../options/index.js";

/** Zeros on each side of an image, in pixels; none where a side is left out. */
export interface PaddingSides {
  /** Rows above; default 0. */
  readonly top?: number | undefined;
  /** Rows below; default 0. */
  readonly bottom?: number | undefined;
  /** Columns to the left; default 0. */
  readonly left?: number | undefined;
  /** Columns to the right; default 0. */
  readonly right?: number | undefined;
}

/** As many zeros on every side, [above and below, left and right], or a number for each side. */
export type ZeroPadding = number | readonly [number, number] | PaddingSides;

/** Zeros around an image: none, as many as keep its size at strides of 1, or so many. */
export type Padding = "valid" | "same" | ZeroPadding;

/** Zeros around an image as options hold them. */
export type ResolvedPadding = "valid" | "same" | Settled<PaddingSides>;

const zeros = wholeNumber({ from: 0 });

const sides = optionsOf({
  top: { meaning: "rows above", kind: zeros, default: 0 },
  bottom: { meaning: "rows below", kind: zeros, default: 0 },
  left: { meaning: "columns to the left", kind: zeros, default: 0 },
  right: { meaning: "columns to the right", kind: zeros, default: 0 },
});

/** Zeros for every side, for both axes, or side by side. */
export function zeroPadding(): OptionKind<Settled<PaddingSides>, ZeroPadding> {
  const expected = `${zeros.expected}, two of them as [vertical, horizontal], or { top, bottom, left, right }`;
  return {
    expected,
    read(value) {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return sides.read(value);
      const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
      const [vertical, horizontal] = [zeros.read(pair[0]), zeros.read(pair[1])];
      if (pair.length !== 2 || vertical instanceof Refusal || horizontal instanceof Refusal)
        return refusal(expected, value);
      return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
    },
  };
}

/** What a convolution's padding may be. */
export function windowPadding(): OptionKind<ResolvedPadding, Padding> {
  const explicit = zeroPadding();
  const expected = `one of "valid", "same", or ${explicit.expected}`;
  return {
    expected,
    read(value) {
      if (value === "valid" || value === "same") return value;
      const isNumbers = typeof value === "number" || (typeof value === "object" && value !== null);
      return isNumbers ? explicit.read(value) : refusal(expected, value);
    },
  };
}
