// After fdlibm's k_sin.c, k_cos.c and e_rem_pio2.c. Their notice:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
// business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
// is preserved.
import { highWord, withHighWord } from "./words.js";

/** sin x, less than a unit in the last place off. @throws Error of |x| above 2¹⁹ π, for which it is not made */
export function sin(x: number): number {
  const { quarters, rest, tail } = reduced(x);
  const value = quarters % 2 === 0 ? sineOf(rest, tail) : cosineOf(rest, tail);
  return quarters < 2 ? value : -value;
}

/** cos x, as exact. @throws Error as `sin` does */
export function cos(x: number): number {
  const { quarters, rest, tail } = reduced(x);
  const value = quarters % 2 === 0 ? cosineOf(rest, tail) : sineOf(rest, tail);
  return quarters === 0 || quarters === 3 ? value : -value;
}

/** Of |x| ≤ π / 4, x + y with y below the last place of x. */
function sineOf(x: number, y: number): number {
  if ((highWord(x) & 0x7fffffff) < 0x3e400000) return x;
  const z = x * x;
  const v = z * x;
  const r =
    0.00833333333332249 +
    z *
      (-1.984126982985795e-4 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  const first = -0.16666666666666632;
  return y === 0 ? x + v * (first + z * r) : x - (z * (0.5 * y - v * r) - y - v * first);
}

function cosineOf(x: number, y: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  const quarter = size > 0x3fe90000 ? 0.28125 : withHighWord(0, size - 0x200000);
  return 1 - quarter - (0.5 * z - quarter - (z * r - x * y));
}

/** π / 2 in parts of 33 bits, and what each leaves. */
const parts = [
  [1.5707963267341256, 6.077100506506192e-11],
  [6.077100506303966e-11, 2.0222662487959506e-21],
  [2.0222662487111665e-21, 8.4784276603689e-32],
] as const;

/** x less the nearest multiple of π / 2, in two parts, and which multiple that is, of four. */
function reduced(x: number): { readonly quarters: number; readonly rest: number; readonly tail: number } {
  const size = highWord(x) & 0x7fffffff;
  if (size <= 0x3fe921fb) return { quarters: 0, rest: x, tail: 0 };
  if (!Number.isFinite(x)) return { quarters: 0, rest: Number.NaN, tail: 0 };
  if (Math.abs(x) > 2 ** 19 * Math.PI) throw new Error(`No sine is made here of ${x}.`);
  const magnitude = Math.abs(x);
  const n = Math.trunc(magnitude * 0.6366197723675814 + 0.5);
  const left = magnitude - n * parts[0][0];
  const low = n * parts[0][1];
  // Near a multiple the first part leaves too few bits.
  const isNear = n >= 32 || size === highWord((n * Math.PI) / 2);
  const [rest, tail] = isNear ? nearMultiple(n, left, low, size >> 20) : twoParts(left, low);
  const turn = n % 4;
  return x > 0 ? { quarters: turn, rest, tail } : { quarters: (4 - turn) % 4, rest: -rest, tail: -tail };
}

/** left − low, and what that rounds off. */
function twoParts(left: number, low: number): readonly [rest: number, tail: number] {
  const rest = left - low;
  return [rest, left - rest - low];
}

/** The same, with as many parts of π / 2 as the bits need that cancel. */
function nearMultiple(n: number, left: number, low: number, exponent: number): readonly [number, number] {
  const lost = (rest: number): number => exponent - ((highWord(rest) >> 20) & 0x7ff);
  if (lost(left - low) <= 16) return twoParts(left, low);
  const second = lessPart(n, left, parts[1]);
  if (lost(second[0] - second[1]) <= 49) return twoParts(...second);
  return twoParts(...lessPart(n, second[0], parts[2]));
}

function lessPart(n: number, left: number, [part, behind]: readonly [number, number]): [number, number] {
  const less = left - n * part;
  return [less, n * behind - (left - less - n * part)];
}
