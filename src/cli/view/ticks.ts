/** Round numbers along an axis that hold a range between them: steps of 1, 2 or 5 times a power of ten. */
export interface Ticks {
  readonly low: number;
  readonly high: number;
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/** @param wanted about how many steps to cut the range into */
export function niceTicks(least: number, greatest: number, wanted = 5): Ticks {
  // A range too narrow for its magnitude to count in is drawn as if it were one value.
  const magnitude = Math.max(Math.abs(least), Math.abs(greatest), 1e-300);
  const flat = greatest - least < 1e-9 * magnitude;
  const span = flat ? (magnitude > 1e-300 ? magnitude : 1) : greatest - least;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((candidate) => candidate >= rough * 0.999)!;
  // Multiples that should hit a bound exactly miss it by a rounding.
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(Math.ceil(greatest / step - 1e-9), first + 1);
  const values = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const plain = largest < 1e6 && decimals <= 5;
  return {
    low: values[0],
    high: values[values.length - 1],
    values,
    labels: values.map((value) =>
      plain || value === 0
        ? value.toFixed(plain ? decimals : 0)
        : Number(value.toPrecision(6)).toExponential(),
    ),
  };
}
