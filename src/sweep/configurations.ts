import { createRandom, type Random } from "../core/random.js";
import { type Json, type Settings, withSettings } from "./settings.js";
import { type Dimension, isRange, type Range, type SweepSpec } from "./sweep-spec.js";

/** What a trial of each seed is of. */
export interface Configuration {
  /** Of files: `007`, or the name that a list gives. */
  readonly name: string;
  /** What varies, by its path. */
  readonly varied: Settings;
  /** All of them, but for the seed. */
  readonly settings: Settings;
}

/** More would hardly be meant. */
export const mostConfigurations = 10_000;

/** Draws that give nothing new before there is taken to be nothing new. */
const mostRepetitions = 1000;

/** Keeps what is drawn apart from the first weights of the same seed. */
const drawStream = 0x73776570;

/**
 * The configurations of a sweep, a function of its specification: a longer budget draws more behind the same ones.
 *
 * @param count at most so many
 */
export function configurationsOf(spec: SweepSpec, count: number): readonly Configuration[] {
  const most = Math.min(count, mostConfigurations);
  if (spec.kind === "list") {
    return spec.list.slice(0, most).map(({ name, settings }) => ({
      name,
      varied: settings,
      settings: withSettings(spec.base, settings),
    }));
  }
  const choices = isDrawn(spec) ? draws(spec, most) : grid(spec.vary, most);
  return choices.map((rows, index) => {
    const varied = Object.fromEntries(
      spec.vary.flatMap(({ paths }, place) => paths.map((path, at) => [path, rows[place][at]] as const)),
    );
    const settings = withSettings(spec.base, varied);
    return { name: String(index + 1).padStart(3, "0"), varied, settings };
  });
}

/** Whether configurations are drawn, and not all that there are. */
export const isDrawn = ({ kind, budget }: Pick<SweepSpec, "kind" | "budget">): boolean =>
  kind === "random" || (kind === "halving" && (budget.trials !== undefined || budget.epochs !== undefined));

/** Configurations of everything, the first dimension slowest. */
export const gridSize = (vary: readonly Dimension[]): number =>
  vary.reduce((size, { domain }) => size * (isRange(domain) ? (domain.steps ?? 0) : domain.length), 1);

type Rows = readonly (readonly Json[])[];

function grid(vary: readonly Dimension[], most: number): readonly Rows[] {
  const columns = vary.map(({ domain }) =>
    isRange(domain) ? stepsOf(domain).map((value) => [value]) : domain,
  );
  const found: Rows[] = [];
  const total = Math.min(gridSize(vary), most);
  for (let index = 0; index < total; index++) {
    let rest = index;
    const rows = columns.toReversed().map((values) => {
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return value;
    });
    found.push(rows.reverse());
  }
  return found;
}

/** Different ones, as far as there are any. */
function draws({ vary, seed }: SweepSpec, most: number): readonly Rows[] {
  const found = new Map<string, Rows>();
  let repetitions = 0;
  for (let draw = 0; found.size < most && repetitions < mostRepetitions; draw++) {
    const random = createRandom(seed, drawStream, draw);
    const rows = vary.map(({ domain }) => drawn(domain, random));
    const key = JSON.stringify(rows);
    if (found.has(key)) repetitions++;
    else {
      found.set(key, rows);
      repetitions = 0;
    }
  }
  return [...found.values()];
}

function drawn(domain: Dimension["domain"], random: Random): readonly Json[] {
  if (!isRange(domain)) return domain[random.below(domain.length)];
  if (domain.steps !== undefined) return [stepsOf(domain)[random.below(domain.steps)]];
  // The ends of whole numbers come up as often as those between them.
  const more = domain.whole ? 0.5 : 0;
  return [pointOf({ ...domain, from: domain.from - more, to: domain.to + more }, random.uniform(), domain)];
}

/** Evenly spaced, ends included. */
export function stepsOf(range: Range): readonly number[] {
  const { steps = 2 } = range;
  return Array.from({ length: steps }, (_, index) => pointOf(range, index / (steps - 1), range));
}

/** So far along a range, as people would write it. */
function pointOf({ from, to, scale }: Range, share: number, ends: Range): number {
  const value = scale === "log" ? from * (to / from) ** share : from + (to - from) * share;
  const written = ends.whole ? Math.round(value) : Number(value.toPrecision(digitsOf(ends)));
  return Math.min(Math.max(written, ends.from), ends.to);
}

/** As many digits as tell a hundred points of a range apart, and four of a wide one. */
const digitsOf = ({ from, to }: Range): number =>
  Math.min(17, Math.max(4, Math.ceil(2 + Math.log10(Math.max(Math.abs(from), Math.abs(to)) / (to - from)))));
