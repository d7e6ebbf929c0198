import { cos, log } from "./math/index.js";

/**
 * Mixes 32 bits so that near inputs give unrelated outputs (Ellis's "lowbias32" constants).
 * The emitted kernels compute the same function, four lanes at a time.
 */
export function mix32(value: number): number {
  let x = value | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** One 32-bit key from any number of integers, in order: the seed of a stream of its own. */
export function streamKey(...parts: readonly number[]): number {
  let key = 0x9e3779b9;
  for (const part of parts) {
    key = mix32((key ^ mix32(part >>> 0)) + 0x9e3779b9);
    key = mix32(key + Math.floor(part / 2 ** 32));
  }
  return key >>> 0;
}

/** A seeded stream of numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** A whole number in [0, 2³²). */
  uint32(): number;
  /** A number in [0, 1), 32 bits fine. */
  uniform(): number;
  /** A draw from the standard normal distribution (Box and Muller 1958). */
  normal(): number;
  /** A whole number in [0, bound). */
  below(bound: number): number;
}

/** xoshiro128** (Blackman and Vigna 2018), its state filled from `streamKey(...seed)`. */
export function createRandom(...seed: readonly number[]): Random {
  const key = streamKey(...seed);
  let a = mix32(key + 1);
  let b = mix32(key + 2);
  let c = mix32(key + 3);
  let d = mix32(key + 4) | 1;
  const uint32 = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => uint32() / 2 ** 32;
  return {
    uint32,
    uniform,
    below: (bound) => Math.floor(uniform() * bound),
    normal: () => {
      const radius = Math.sqrt(-2 * log(1 - uniform()));
      return radius * cos(2 * Math.PI * uniform());
    },
  };
}

/** A random order of 0 … count − 1 (Fisher and Yates). */
export function permutation(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const held = order[last];
    order[last] = order[other];
    order[other] = held;
  }
  return order;
}
