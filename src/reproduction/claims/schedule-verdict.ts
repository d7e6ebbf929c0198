import type { ScheduleName } from "../../core/schedules/index.js";
import { listed } from "../../core/words.js";
import { isWhole, type Measure, measure, measures } from "../results/measures.js";
import { decimal, hundredths, meanAndDeviation, points } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import { type ScheduleOutcome, scheduleOutcomes, scheduleTitle } from "../results/schedules.js";
import { differenceOf, differenceWords, type Sides, type Spread, trialsOf } from "../results/spread.js";
import type { Statement } from "./claim.js";
import { type Direction, isBeyond } from "./rules.js";
import { epochsWords, leastEpochDeviation, trainingClaims } from "./training.js";

interface Aspect {
  /** "by accuracy on the test images" */
  readonly by: string;
  readonly of: Measure;
  readonly better: Direction;
  readonly sides: Sides;
  /** "more accurate" */
  readonly ahead: string;
  write(value: number): string;
  readonly unit: string;
  signed(value: number): string;
  readonly least?: number;
}

const aspects: readonly Aspect[] = [
  {
    by: "By accuracy on the test images",
    of: measures.testAccuracy,
    better: "higher",
    sides: ["above", "below"],
    ahead: "more accurate",
    write: hundredths,
    unit: " %",
    signed: points,
  },
  {
    by: "By epochs to 90 % of the validation images",
    of: measures.epochsTo90,
    better: "lower",
    sides: ["later than", "sooner than"],
    ahead: "faster",
    write: (value) => decimal(value, 1),
    unit: " epochs",
    signed: epochsWords,
    least: leastEpochDeviation,
  },
  {
    by: "By the gap between training and validation accuracy",
    of: measures.validationGap,
    better: "lower",
    sides: ["wider than", "narrower than"],
    ahead: "less overfitted",
    write: hundredths,
    unit: " points",
    signed: points,
  },
];

const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

const constantTitle = "the constant rate";

const titleOf = (schedule: ScheduleName): string =>
  schedule === "constant" ? constantTitle : scheduleTitle(schedule);

const upper = (text: string): string => text[0].toUpperCase() + text.slice(1);

interface Placed {
  readonly title: string;
  readonly spread: Spread;
  /** Trials kept, of which the spread may have fewer. */
  readonly kept: number;
  readonly dynamic: boolean;
}

function placed(outcomes: readonly ScheduleOutcome[], { of, better }: Aspect): Placed[] {
  const sign = better === "higher" ? -1 : 1;
  return outcomes
    .flatMap(({ schedule, group }) => {
      const spread = measure(group, of);
      return spread
        ? [{ title: titleOf(schedule), spread, kept: group.kept.length, dynamic: schedule === "dynamic" }]
        : [];
    })
    .sort((a, b) => sign * (a.spread.mean - b.spread.mean));
}

/** Where Algorithm 1 stands by one figure: its place, and how it is to the best other and to a constant rate. */
function placeWords(outcomes: readonly ScheduleOutcome[], aspect: Aspect): Statement | undefined {
  const order = placed(outcomes, aspect);
  const place = order.findIndex(({ dynamic }) => dynamic);
  if (place === -1 || order.length < 2) return undefined;
  const { spread, kept } = order[place];
  const there = spread.observations.length;
  const some = there < kept ? `, by ${there} of ${kept} seeds` : "";
  const to = (other: Placed) =>
    differenceWords(
      differenceOf(spread, other.spread, aspect.least),
      other.title,
      aspect.signed,
      aspect.sides,
    );
  const best = order.find(({ dynamic }) => !dynamic)!;
  const constant = order.find(({ title }) => title === constantTitle);
  const compared = [best, ...(constant && constant !== best ? [constant] : [])];
  const absent = outcomes
    .map(({ schedule }) => titleOf(schedule))
    .filter((title) => order.every((each) => each.title !== title));
  const text =
    `${aspect.by}, Algorithm 1 comes ${ordinals[place]} of ${order.length} ` +
    `(${meanAndDeviation(spread, aspect.write)}${aspect.unit}${some}): it is ${listed(compared.map(to))}.` +
    (absent.length > 0
      ? ` ${upper(listed(absent))} never ${absent.length === 1 ? "gets" : "get"} there.`
      : "");
  return { text, sources: trialsOf(...order.map((each) => each.spread)) };
}

/** The other schedules by one figure, each with how it is to Algorithm 1; none where Algorithm 1 lacks the figure. */
function others(outcomes: readonly ScheduleOutcome[], aspect: Aspect) {
  const order = placed(outcomes, aspect);
  const own = order.find(({ dynamic }) => dynamic);
  if (!own) return [];
  return order
    .filter(({ dynamic }) => !dynamic)
    .map(({ title, spread }) => ({ title, difference: differenceOf(spread, own.spread, aspect.least) }));
}

/** What the claim is worth against a constant rate, plainly. */
function worth(results: ReproductionResults): Statement {
  const judged = [
    { what: "faster convergence", id: "convergence" },
    { what: "less overfitting", id: "rate-overfitting" },
    { what: "more accuracy", id: "rate-accuracy" },
  ].map(({ what, id }) => ({ what, ...trainingClaims.find((claim) => claim.id === id)!.judge(results) }));
  const words = judged.map(({ what, verdict }) => `${what} ${verdict}`);
  return {
    text: `Plainly: that Algorithm 1 brings more than a constant rate, each at its best start, comes to this: ${listed(words)}.`,
    sources: [...new Set(judged.flatMap(({ sources }) => sources))],
  };
}

/** Which other schedules are better than Algorithm 1 by more than a standard deviation, aspect by aspect. */
function better(outcomes: readonly ScheduleOutcome[]): Statement {
  const sources = outcomes.flatMap(({ group }) => group.kept.map(({ id }) => id));
  const compared = aspects.map((aspect) => ({ aspect, found: others(outcomes, aspect) }));
  const ahead = compared.flatMap(({ aspect, found }) => {
    const titles = found.filter(({ difference }) => isBeyond(difference, aspect.better));
    return titles.length === 0
      ? []
      : [`${aspect.ahead} ${titles.length === 1 ? "is" : "are"} ${listed(titles.map(({ title }) => title))}`];
  });
  const unjudged = compared.some(({ found }) =>
    found.some(({ difference }) => difference.size === "unjudged"),
  );
  const rest = unjudged ? " Where both have a single seed, that can't be judged yet." : "";
  if (ahead.length > 0)
    return { text: `Better than it by more than a standard deviation: ${ahead.join("; ")}.${rest}`, sources };
  const none = unjudged ? "Of those with more seeds no other schedule is" : "No other schedule is";
  return {
    text: `${none} better than it by more than a standard deviation, in any of the three.${rest}`,
    sources,
  };
}

/** What the schedules' trials say of Algorithm 1, a sentence an aspect; what is missing first. */
export function scheduleVerdict(results: ReproductionResults): Statement[] {
  const outcomes = scheduleOutcomes(results);
  const ready = outcomes.filter(({ group }) => group.kept.length > 0);
  if (ready.length < 2) {
    const tried = outcomes.flatMap(({ tried }) => tried.filter(({ record }) => record)).length;
    const all = outcomes.flatMap(({ tried }) => tried).length;
    const text = `Not run yet: ${tried} of ${all} start rates are tried, and no two schedules can be compared.`;
    return [{ text, sources: [] }];
  }
  const whole = outcomes.filter(({ group }) => isWhole(group)).length;
  const provisional = `So far ${whole} of ${outcomes.length} schedules have all their seeds; what follows may change.`;
  return [
    ...(whole < outcomes.length ? [{ text: provisional, sources: [] }] : []),
    worth(results),
    ...aspects.flatMap((aspect) => placeWords(ready, aspect) ?? []),
    better(ready),
  ];
}
