/** The distribution function of the standard normal, Φ(x) = ½ (1 + erf(x / √2)), to double precision. */
export function normalDistribution(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

/** Its density, e^(−x²/2) / √(2π). */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** From where the continued fraction needs fewer members than the series. */
const seriesEnd = 3;

/** 1 − Φ(x) for x ≥ 0. */
function upperTail(x: number): number {
  return x < seriesEnd ? 0.5 - normalDensity(x) * series(x) : normalDensity(x) * fraction(x);
}

/** (Φ(x) − ½) / φ(x) = x + x³/3 + x⁵/(3·5) + … */
function series(x: number): number {
  let sum = x;
  for (let member = x, factor = 3; member > sum * Number.EPSILON; factor += 2) {
    member *= (x * x) / factor;
    sum += member;
  }
  return sum;
}

/** Laplace's continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / …))). */
function fraction(x: number): number {
  let value = x;
  for (let member = 200; member > 0; member--) value = x + member / value;
  return 1 / value;
}
