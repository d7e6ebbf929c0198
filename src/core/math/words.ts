const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** WebAssembly's memory is little-endian, and so is every machine that an engine of it runs on. */
const [low, high] = [0, 1];

/** Sign, exponent and the first 20 bits of the fraction of a double. */
export function highWord(value: number): number {
  double[0] = value;
  return words[high];
}

/** The same double with another high word. */
export function withHighWord(value: number, word: number): number {
  double[0] = value;
  words[high] = word;
  return double[0];
}

/** The same double with the last 32 bits of its fraction 0. */
export function withoutLowWord(value: number): number {
  double[0] = value;
  words[low] = 0;
  return double[0];
}

/** 2^exponent, of −1022 … 1023. */
export const powerOfTwo = (exponent: number): number => withHighWord(0, (exponent + 1023) << 20);
