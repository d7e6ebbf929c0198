import { f32x4, i32x4, type Local, type V128, v128 } from "../wasm/index.js";
import type { Arithmetic } from "./arithmetic.js";

/** 1/7! … 1/0!: the series of e^r, whose remainder is below 5e-9 for |r| ≤ ln 2 / 2. */
const series = [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1];

/** ln 2 in two parts: the first has few enough bits that its products with whole numbers are exact. */
const ln2High = 0.693359375;
const ln2Low = Math.LN2 - ln2High;

/** Added to a number of less than 2²² it leaves no bits for a fraction: the sum is rounded to the nearest whole number. */
const wholeShift = 1.5 * 2 ** 23;

/** How far from 0 the series alone is as good. */
const smallPower = Math.LN2 / 2;

/**
 * e^x in four lanes, about one unit in the last place: e^x = 2^n · e^r with n = round(x / ln 2). Clamped to
 * x in [−87, 88], where float32 has normal results.
 */
export function exp(arithmetic: Arithmetic, x: V128, keep: (value: V128) => Local<"v128">): V128 {
  // With x first, NaN stays NaN.
  const clamped = keep(f32x4.pmax(f32x4.pmin(x, f32x4.const(88)), f32x4.const(-87)));
  const shifted = keep(f32x4.add(f32x4.mul(clamped, f32x4.const(Math.LOG2E)), f32x4.const(wholeShift)));
  const n = keep(f32x4.sub(shifted, f32x4.const(wholeShift)));
  const high = keep(arithmetic.madd(n, f32x4.const(-ln2High), clamped));
  const r = keep(arithmetic.madd(n, f32x4.const(-ln2Low), high));
  let sum = keep(f32x4.const(series[0]));
  for (const coefficient of series.slice(1)) sum = keep(arithmetic.madd(sum, r, f32x4.const(coefficient)));
  // The lowest bits of `shifted` are n, and become the exponent.
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(127 << 23));
  return f32x4.mul(sum, power);
}

/**
 * e^x − 1 in four lanes, right for small x too, where the difference of the two would lose all digits: there the
 * series of e^r without its first member.
 */
export function expm1(arithmetic: Arithmetic, x: Local<"v128">, keep: (value: V128) => Local<"v128">): V128 {
  let sum = keep(f32x4.const(series[0]));
  for (const coefficient of series.slice(1, -1))
    sum = keep(arithmetic.madd(sum, x, f32x4.const(coefficient)));
  const near = f32x4.mul(sum, x);
  const far = f32x4.sub(exp(arithmetic, x, keep), f32x4.const(1));
  const small = v128.and(f32x4.gt(x, f32x4.const(-smallPower)), f32x4.lt(x, f32x4.const(smallPower)));
  return v128.bitselect(near, far, small);
}
