// After fdlibm's e_exp.c. Its notice:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
// business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
// is preserved.
import { highWord, powerOfTwo } from "./words.js";

/** ln 2 in two parts, the first with so few bits that its multiples are exact. */
export const ln2High = 0.6931471803691238;
export const ln2Low = 1.9082149292705877e-10;

const overflow = 709.782712893384;
const underflow = -745.1332191019411;

/** Of r · (e^r + 1) / (e^r − 1) in r², behind the 2. */
export const expCoefficients = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
  4.1381367970572385e-8,
] as const;

/** e^x, less than a unit in the last place off. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > overflow) return Number.POSITIVE_INFINITY;
  if (x < underflow) return 0;
  // The engines' own e; the sum below would give it a unit less.
  if (x === 1) return Math.E;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e300000) return 1 + x;
  // x = k · ln 2 + r, |r| ≤ ½ ln 2.
  const k =
    size <= 0x3fd62e42
      ? 0
      : size < 0x3ff0a2b2
        ? Math.sign(x)
        : Math.trunc(x * Math.LOG2E + 0.5 * Math.sign(x));
  const [high, low] = [x - k * ln2High, k * ln2Low];
  const r = high - low;
  const t = r * r;
  const [p1, p2, p3, p4, p5] = expCoefficients;
  const c = r - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k === 1024) return y * 2 * 2 ** 1023;
  // Below the normal numbers in two steps, of which the last one alone rounds.
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * 2 ** -1000;
}
