import { f32x4, i32x4, type Local, type V128, v128 } from "../wasm/index.js";

/** How a kernel multiplies and adds: fused where the processor can, or in two roundings everywhere alike. */
export interface Arithmetic {
  readonly relaxed: boolean;
  /** a · b + c. */
  madd(a: V128, b: V128, c: V128): V128;
}

/** The relaxed SIMD instruction: one rounding on every processor with a fused multiply-add. */
export const relaxedArithmetic: Arithmetic = { relaxed: true, madd: f32x4.relaxedMadd };

/** Multiply, round, add, round: the same bytes on every processor and runtime. */
export const portableArithmetic: Arithmetic = {
  relaxed: false,
  madd: (a, b, c) => f32x4.add(f32x4.mul(a, b), c),
};

/**
 * The four numbers, zero for those nearer to zero than 2⁻¹²⁶, where a float begins to lose digits. A running sum that
 * nothing is added to any more decays to such numbers and stays there, for 0.9 times the least of them rounds to itself;
 * and Intel's processors take some hundred times as long to multiply by them. Told from their bits, since comparing them
 * as floats may be as slow.
 */
export function withoutSubnormals(numbers: Local<"v128">): V128 {
  const size = v128.and(numbers, i32x4.splat(0x7fffffff));
  return v128.and(numbers, i32x4.geS(size, i32x4.splat(0x00800000)));
}
