// How figures are written, everywhere the same: a true minus sign, a fixed number of places.

const minus = "−";

const fixed = (value: number, places: number): string => {
  const text = value.toFixed(places);
  // −0.00 is 0.00.
  return Number(text) < 0 ? text.replace("-", minus) : text.replace("-", "");
};

/** 0.92345 → "92.35" (percent without its sign, for columns that have it in their title). */
export const hundredths = (share: number, places = 2): string => fixed(100 * share, places);

export const decimal = (value: number, places: number): string => fixed(value, places);

/** A difference with its sign: "+0.42", "−1.10", "0.00". */
export function signed(value: number, places: number): string {
  const text = fixed(value, places);
  return Number(text) > 0 ? `+${text}` : text;
}

/** A learning rate as people write it: 0.002, 1e-8. */
export const rate = (value: number): string => (value < 1e-4 ? value.toExponential() : String(value));
