/** The number with the fewest digits that single precision rounds to this one: of 0.0010000000474974513 it is 0.001. */
export function shortestDecimal(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return value;
}
