// After fdlibm's e_pow.c. Its notice:
// Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this
// software is freely granted, provided that this notice is preserved.
import { expCoefficients } from "./exp.js";
import { highWord, powerOfTwo, withHighWord, withoutLowWord } from "./words.js";

/** x^y of x ≥ 0, less than a unit in the last place off; NaN where y is not finite. @throws Error of x < 0, for which it is not made */
export function pow(x: number, y: number): number {
  if (x < 0) throw new Error(`No power is made here of ${x}.`);
  if (Number.isNaN(x + y) || !Number.isFinite(y)) return Number.NaN;
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  if (y === 2) return x * x;
  if (y === 0.5) return Math.sqrt(x);
  if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  // Nothing but 1 itself is so near to 1 that such a power of it would be in between.
  if (Math.abs(y) > 2 ** 64) return x < 1 === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  const [log2High, log2Low] = log2Of(x);
  const yHigh = withoutLowWord(y);
  const low = (y - yHigh) * log2High + y * log2Low;
  return twoTo(yHigh * log2High, low);
}

/** log₂ x in two parts. */
function log2Of(x: number): readonly [number, number] {
  const isSubnormal = x < 2 ** -1022;
  const normal = isSubnormal ? x * 2 ** 53 : x;
  const word = highWord(normal);
  const fraction = word & 0xfffff;
  // x = 2^n · a, a near 1 or 1.5.
  const isNearMiddle = fraction > 0x3988e && fraction < 0xbb67a;
  const isNearTwo = fraction >= 0xbb67a;
  const n = (word >> 20) - 1023 - (isSubnormal ? 53 : 0) + (isNearTwo ? 1 : 0);
  const size = (fraction | 0x3ff00000) - (isNearTwo ? 0x100000 : 0);
  const a = withHighWord(normal, size);
  const point = isNearMiddle ? 1.5 : 1;
  const [pointHigh, pointLow] = isNearMiddle ? [0.5849624872207642, 1.350039202129749e-8] : [0, 0];
  // s = (a − point) / (a + point) in two parts: log a = log point + 2s + ⅔ s³ + …
  const u = a - point;
  const v = 1 / (a + point);
  const s = u * v;
  const sHigh = withoutLowWord(s);
  const sumHigh = withHighWord(0, ((size >> 1) | 0x20000000) + 0x80000 + (isNearMiddle ? 1 << 18 : 0));
  const sumLow = a - (sumHigh - point);
  const sLow = v * (u - sHigh * sumHigh - sHigh * sumLow);
  const s2 = s * s;
  const series =
    s2 *
      s2 *
      (0.5999999999999946 +
        s2 *
          (0.4285714285785502 +
            s2 *
              (0.33333332981837743 +
                s2 * (0.272728123808534 + s2 * (0.23066074577556175 + s2 * 0.20697501780033842))))) +
    sLow * (sHigh + s);
  const square = sHigh * sHigh;
  const threeHigh = withoutLowWord(3 + square + series);
  const threeLow = series - (threeHigh - 3 - square);
  const productHigh = sHigh * threeHigh;
  const productLow = sLow * threeHigh + threeLow * s;
  const pHigh = withoutLowWord(productHigh + productLow);
  const pLow = productLow - (pHigh - productHigh);
  // Times 2 / (3 ln 2).
  const high = 0.9617967009544373 * pHigh;
  const low = -7.028461650952758e-9 * pHigh + pLow * 0.9617966939259756 + pointLow;
  const log2High = withoutLowWord(high + low + pointHigh + n);
  return [log2High, low - (log2High - n - pointHigh - high)];
}

/** 2^(high + low). */
function twoTo(high: number, low: number): number {
  const z = low + high;
  if (z > 1024 || (z === 1024 && low + 8.008566259537294e-17 > z - high)) return Number.POSITIVE_INFINITY;
  if (z < -1075 || (z === -1075 && low <= z - high)) return 0;
  const word = highWord(z);
  const size = word & 0x7fffffff;
  // 2^n · 2^f, |f| ≤ ½.
  let n = 0;
  let fraction = high;
  if (size > 0x3fe00000) {
    const rounded = word + (0x100000 >> ((size >> 20) - 1023 + 1));
    const exponent = ((rounded & 0x7fffffff) >> 20) - 1023;
    n = ((rounded & 0xfffff) | 0x100000) >> (20 - exponent);
    if (word < 0) n = -n;
    fraction -= withHighWord(0, rounded & ~(0xfffff >> exponent));
  }
  const t = withoutLowWord(low + fraction);
  const u = t * 0.6931471824645996;
  const v = (low - (t - fraction)) * Math.LN2 + t * -1.904654299957768e-9;
  const power = u + v;
  const rest = v - (power - u);
  const square = power * power;
  const [p1, p2, p3, p4, p5] = expCoefficients;
  const c = power - square * (p1 + square * (p2 + square * (p3 + square * (p4 + square * p5))));
  // fdlibm takes the second part from the quotient. V8 had it in the divisor until Node 22, and so do runs of before.
  const value = 1 - ((power * c) / (c - 2 - (rest + power * rest)) - power);
  const shifted = highWord(value) + n * 0x100000;
  if (shifted >> 20 > 0) return withHighWord(value, shifted);
  return value * powerOfTwo(n + 1000) * 2 ** -1000;
}
