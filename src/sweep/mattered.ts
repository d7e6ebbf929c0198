import type { ConfigurationResult } from "./results.js";
import { rounds } from "./rounds.js";
import { scoreOf } from "./score.js";
import { type Json, settingAt } from "./settings.js";
import type { SweepSpec } from "./sweep-spec.js";

/** What the configurations with one value of a setting came to. */
export interface ValueScores {
  readonly value: Json | undefined;
  /** Configurations that have it and are done. */
  readonly count: number;
  readonly mean: number;
  readonly best: number;
}

/** How a setting went with what the configurations came to. */
export interface Mattered {
  readonly path: string;
  /** Of all configurations that are done. */
  readonly scores: readonly number[];
  /** By value, where there are few; else none. */
  readonly values: readonly ValueScores[];
  /** Spearman's rank correlation ρ of value and score, −1 … 1, of numbers. */
  readonly correlation?: number;
  /** The share of the scores' variance that lies between the values, 0 … 1, where there are few. */
  readonly share?: number;
  /** Value and score of each configuration, of numbers. */
  readonly points: readonly (readonly [value: number, score: number])[];
}

/** Values that are told one by one. */
const fewValues = 8;

/**
 * How each setting that varies went with the scores, most decisive first. It tells what went together, not what made it
 * so: in a draw of few trials chance does much.
 *
 * Of halving all are compared after the first round, which all of them have done.
 */
export function mattered(
  spec: SweepSpec,
  configurations: readonly ConfigurationResult[],
): readonly Mattered[] {
  const scored = configurations.flatMap((each) => {
    const score = comparableScore(spec, each);
    return score === undefined ? [] : [{ settings: each.configuration.settings, score }];
  });
  const paths =
    spec.kind === "list"
      ? [...new Set(spec.list.flatMap(({ settings }) => Object.keys(settings)))]
      : spec.vary.flatMap((each) => each.paths);
  return paths
    .map((path) =>
      ofSetting(
        path,
        scored.map(({ settings, score }) => [settingAt(settings, path), score]),
      ),
    )
    .sort((a, b) => weightOf(b) - weightOf(a));
}

/** A score that others can be held against: of the same number of epochs. */
export function comparableScore(
  spec: SweepSpec,
  { state, records, score }: ConfigurationResult,
): number | undefined {
  if (spec.kind !== "halving") return score;
  if (state !== "done") return undefined;
  const [first] = rounds({ ...spec.halving, most: spec.base.epochs as number });
  return scoreOf(records, spec.optimize, first);
}

const weightOf = ({ share, correlation = 0 }: Mattered): number => share ?? correlation ** 2;

type Pairs = readonly (readonly [value: Json | undefined, score: number])[];

function ofSetting(path: string, pairs: Pairs): Mattered {
  const groups = new Map<string, { value: Json | undefined; scores: number[] }>();
  for (const [value, score] of pairs) {
    const key = JSON.stringify(value) ?? "";
    const group = groups.get(key) ?? { value, scores: [] };
    group.scores.push(score);
    groups.set(key, group);
  }
  const numbers = pairs.flatMap(([value, score]) =>
    typeof value === "number" ? [[value, score] as const] : [],
  );
  const areNumbers = numbers.length === pairs.length;
  // Numbers of which each came up once are points on a scale.
  const isFew = groups.size <= fewValues && !(areNumbers && groups.size > 2 && groups.size === pairs.length);
  return {
    path,
    scores: pairs.map(([, score]) => score),
    values: isFew
      ? [...groups.values()].map(({ value, scores }) => ({
          value,
          count: scores.length,
          mean: mean(scores),
          best: Math.max(...scores),
        }))
      : [],
    ...(areNumbers && groups.size > 2 && { correlation: rankCorrelation(numbers) }),
    ...(isFew &&
      groups.size > 1 &&
      pairs.length > groups.size && {
        share: shareBetween([...groups.values()].map(({ scores }) => scores)),
      }),
    points: areNumbers ? numbers : [],
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/** η²: the sum of squares between groups over that of all. */
function shareBetween(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const middle = mean(all);
  const total = all.reduce((sum, each) => sum + (each - middle) ** 2, 0);
  const between = groups.reduce((sum, group) => sum + group.length * (mean(group) - middle) ** 2, 0);
  return total > 0 ? between / total : 0;
}

/** Spearman's ρ (1904): Pearson's correlation of the ranks, equal values sharing the mean of theirs; 0 where one side has one value. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const [a, b] = [0, 1].map((side) => ranks(pairs.map((pair) => pair[side])));
  const [middleA, middleB] = [mean(a), mean(b)];
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (const [index, rank] of a.entries()) {
    product += (rank - middleA) * (b[index] - middleB);
    squareA += (rank - middleA) ** 2;
    squareB += (b[index] - middleB) ** 2;
  }
  return squareA > 0 && squareB > 0 ? product / Math.sqrt(squareA * squareB) : 0;
}

function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const found = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) found[order[at]] = (start + end - 1) / 2;
    start = end;
  }
  return found;
}
