/** Bits of IEEE 754's binary16 as a number. */
export function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The greatest finite number of binary16. */
export const greatestHalf = 65_504;

const word = new DataView(new ArrayBuffer(8));

/** The binary16 nearest to a number, of two equally near the even one, as bits; infinite beyond its range. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  word.setFloat64(0, size);
  const exponent = Math.max(-14, (word.getUint16(0) >> 4) - 1023);
  // What carries out of the fraction is the next exponent.
  const steps = size * 2 ** (10 - exponent);
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  return sign | (rounded + (exponent + 14) * 1024);
}

/** Bits of bfloat16, the upper half of a float32, as a number. */
export function bfloat16(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
