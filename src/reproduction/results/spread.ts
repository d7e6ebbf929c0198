/** One trial's figure, and which trial it is. */
export interface Observation {
  readonly trial: string;
  readonly value: number;
}

/** A figure over the seeds. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation, √(Σ(x − mean)² / (n − 1)); null of a single trial. */
  readonly deviation: number | null;
  readonly observations: readonly Observation[];
}

/** Mean and standard deviation; null where nothing was observed. */
export function spreadOf(observations: readonly Observation[]): Spread | null {
  const count = observations.length;
  if (count === 0) return null;
  const mean = observations.reduce((sum, { value }) => sum + value, 0) / count;
  const squares = observations.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null, observations };
}

/** The trials behind a figure. */
export const trialsOf = (...spreads: readonly (Spread | null)[]): string[] => [
  ...new Set(spreads.flatMap((spread) => spread?.observations.map(({ trial }) => trial) ?? [])),
];

/**
 * The standard deviation that a difference of two means is held against: the root of the mean of both variances;
 * the one that is known where the other is of a single trial; null where neither is.
 */
export function commonDeviation(one: Spread, other: Spread): number | null {
  const known = [one.deviation, other.deviation].filter((deviation) => deviation !== null);
  if (known.length === 0) return null;
  return Math.sqrt(known.reduce((sum, deviation) => sum + deviation ** 2, 0) / known.length);
}

/** How far apart two means are. */
export interface Difference {
  /** The first mean less the second. */
  readonly value: number;
  /** In common standard deviations, no sign; null where there is none to hold it against. */
  readonly deviations: number | null;
  readonly size: "level" | "small" | "clear" | "unjudged";
}

/**
 * Sets two means against each other: level up to one common standard deviation, small up to two, clear beyond;
 * unjudged without a spread. Two deviations are no test of significance: with three seeds nothing is.
 *
 * @param least a deviation that is taken for the common one where that is smaller, as of figures that are counted
 */
export function differenceOf(one: Spread, other: Spread, least = 0): Difference {
  const value = one.mean - other.mean;
  const common = commonDeviation(one, other);
  const deviation = common === null ? null : Math.max(common, least);
  if (deviation === null) return { value, deviations: null, size: "unjudged" };
  // Equal figures from seed to seed leave no spread: any difference is then beyond it.
  const deviations = value === 0 ? 0 : Math.abs(value) / deviation;
  return { value, deviations, size: deviations <= 1 ? "level" : deviations <= 2 ? "small" : "clear" };
}

/** Words for a mean that is the greater, and for one that is the lesser. */
export type Sides = readonly [greater: string, lesser: string];

/**
 * How one mean stands to another, in words that say no more than it is.
 *
 * @param other what the second mean is of: "the CNN"
 * @param signed a difference with its sign and unit: "+0.42 points"
 */
export function differenceWords(
  { value, deviations, size }: Difference,
  other: string,
  signed: (value: number) => string,
  [greater, lesser]: Sides = ["above", "below"],
): string {
  const side = value > 0 ? greater : lesser;
  switch (size) {
    case "level":
      return value === 0
        ? `level with ${other}`
        : `within one standard deviation of ${other} (${signed(value)})`;
    case "small":
    case "clear": {
      const how = size === "small" ? "slightly" : "clearly";
      const times = Number.isFinite(deviations) ? `, ${deviations!.toFixed(1)} standard deviations` : "";
      return `${how} ${side} ${other} (${signed(value)}${times})`;
    }
    case "unjudged": {
      const unjudged = "single seeds, so there is no spread to judge it by";
      return value === 0
        ? `level with ${other} (${unjudged})`
        : `${side} ${other} (${signed(value)}; ${unjudged})`;
    }
  }
}
