import { f32x4, type V128 } from "../wasm/index.js";

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
