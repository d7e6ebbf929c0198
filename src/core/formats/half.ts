/** Bits of IEEE 754's binary16 as a number. */
export function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** Bits of bfloat16, the upper half of a float32, as a number. */
export function bfloat16(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
