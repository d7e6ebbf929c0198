import { type ActivationName, activation, activationNames, type Layer, scale } from "../core/layers/index.js";

/** A function of each value alone, put together of what the file's nodes do one after the other. */
export interface Expression {
  at(x: number): number;
  /** How many nodes it comes of. */
  readonly size: number;
  /** The last of them, in words, for errors. */
  readonly words: string;
  /** What it was made of, where it isn't the value itself. */
  readonly parts?: readonly (Expression | undefined)[];
  /** Where it is parts joined by one function: how to join them as layers. */
  readonly joins?: "Add" | "Sub" | "Mul";
  /** Where it is one function of its single part, that function alone. */
  readonly step?: (x: number) => number;
}

/** More nodes than any activation is spelled out in. */
export const longestExpression = 40;

const sizeOf = (expression: Expression | undefined): number => expression?.size ?? 0;

/** One function behind another; undefined stands for the value itself. */
export function step(before: Expression | undefined, f: (x: number) => number, words: string): Expression {
  return {
    at: before ? (x) => f(before.at(x)) : f,
    size: sizeOf(before) + 1,
    words,
    parts: [before],
    step: f,
  };
}

/** Several of them joined. @param joins how to join two as layers, where there is a layer for it */
export function join(
  parts: readonly (Expression | undefined)[],
  f: (...values: number[]) => number,
  words: string,
  joins?: Expression["joins"],
): Expression {
  return {
    at: (x) => f(...parts.map((part) => (part ? part.at(x) : x))),
    size: parts.reduce((sum, part) => sum + sizeOf(part), 1),
    words,
    parts,
    ...(joins && { joins }),
  };
}

/** A number that is the same for each value. */
export const fixed = (value: number): Expression => ({ at: () => value, size: 0, words: String(value) });

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const clamp = (x: number, least: number, most: number): number => Math.min(Math.max(x, least), most);

/** Gauss's error function, to 1e-13: its series, and from 3 on its continued fraction. */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 1; n < 100 && Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction));
}

const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/** What heddle's activations compute; leakyRelu's slope is the expression's own. */
export const functions: Readonly<
  Record<Exclude<ActivationName, "leakyRelu" | "linear">, (x: number) => number>
> = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clamp(x, 0, 6),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  tanh: Math.tanh,
  sigmoid,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  silu: (x) => x * sigmoid(x),
  hardSwish: (x) => (x * clamp(x + 3, 0, 6)) / 6,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  geluTanh,
};

/** Where two functions are compared: dense about 0, where they bend, and far out, where they level off. */
const points = Array.from({ length: 81 }, (_, index) => {
  const t = (index - 40.3) / 10;
  return t * Math.abs(t);
});

/** Where a bend far out would show, such as that of a clip. */
const farPoints = [32, 64, 128, 256, 1e6].flatMap((x) => [-x, x]);

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(b));

/** Far out a function that is spelled out may be beyond any number, where heddle's own isn't. */
const agree = (f: (x: number) => number, g: (x: number) => number): boolean =>
  points.every((x) => close(f(x), g(x))) &&
  farPoints.every((x) => !Number.isFinite(f(x)) || close(f(x), g(x)));

/** Layers of heddle's that compute a function of each value, first to last; undefined where none do. */
export function layersOf(f: (x: number) => number): readonly Layer[] | undefined {
  if (agree(f, (x) => x)) {
    const factor = Math.fround(f(1) - f(0));
    return factor === 1 ? [] : [scale(factor)];
  }
  const named = activationNames.find(
    (name) => name !== "linear" && name !== "leakyRelu" && agree(f, functions[name]),
  );
  if (named) return [activation(named)];
  const slope = f(1);
  if (agree(f, (x) => slope * x)) return [scale(slope)];
  const below = -f(-1);
  if (below >= 0 && below < 1 && agree(f, (x) => (x < 0 ? below * x : x)))
    return [activation({ function: "leakyRelu", negativeSlope: below })];
  // Clipped at another height: a relu6 between two factors.
  const most = f(1e6);
  if (most > 0 && Number.isFinite(most) && agree(f, (x) => clamp(x, 0, most)))
    return [scale(6 / most), activation("relu6"), scale(most / 6)];
  return undefined;
}

/** The numbers of a function that multiplies and adds: x · factor + shift. */
export function linearOf(
  f: (x: number) => number,
): { readonly factor: number; readonly shift: number } | undefined {
  const shift = f(0);
  const factor = f(1) - shift;
  return agree(f, (x) => factor * x + shift) ? { factor, shift } : undefined;
}
