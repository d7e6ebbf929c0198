import type { ChartData } from "../../report/chart.js";
import { lineChart } from "../../report/line-chart.js";
import { seriesColor } from "../../report/theme.js";
import { type Mattered, mattered } from "../mattered.js";
import type { ConfigurationResult, SweepResults } from "../results.js";
import type { SweepSpec } from "../sweep-spec.js";
import { type ScoreWords, scoreWords, valueWords } from "./words.js";

type Point = readonly [x: number, y: number];

/** Named points, and a line over them. */
interface Scatter {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly logX?: boolean;
  readonly points: readonly { readonly name: string; readonly at: Point }[];
  readonly line?: { readonly name: string; readonly points: readonly Point[]; readonly step?: boolean };
}

function scatter(
  { id, title, description, xLabel, logX, points, line }: Scatter,
  score: ScoreWords,
): ChartData {
  const marks = {
    type: "scatter",
    name: "configurations",
    color: seriesColor(0),
    symbolSize: 9,
    itemStyle: { color: seriesColor(0), opacity: 0.8 },
    data: points.map(({ name, at }) => ({ name, value: [...at] })),
  };
  const over = line && {
    type: "line",
    name: line.name,
    color: seriesColor(1),
    showSymbol: false,
    lineStyle: { width: 2 },
    ...(line.step && { step: "end" }),
    data: line.points.map((point) => [...point]),
  };
  return {
    id,
    title,
    description,
    unit: score.unit,
    height: 320,
    option: {
      tooltip: { trigger: "item" },
      xAxis: { type: logX ? "log" : "value", name: xLabel, scale: true },
      yAxis: {
        type: "value",
        name: score.unit === undefined ? score.name : `${score.name} (${score.unit})`,
        scale: true,
      },
      series: over ? [over, marks] : [marks],
    },
  };
}

interface Scored extends ConfigurationResult {
  readonly score: number;
}

const isScored = (each: ConfigurationResult): each is Scored => each.score !== undefined;

/** Those that are done, in the order of the plan. */
export const scored = ({ configurations }: SweepResults): readonly Scored[] =>
  configurations.filter(isScored);

/** What each configuration came to by the time that it trained, and the best that so much time brought. */
export function accuracyAgainstTime(spec: SweepSpec, results: SweepResults): ChartData {
  const words = scoreWords(spec.optimize);
  const done = [...scored(results)].sort((a, b) => a.seconds - b.seconds);
  const longest = Math.max(0, ...done.map(({ seconds }) => seconds));
  const [unit, scale] = longest > 300 ? ["minutes", 1 / 60] : ["seconds", 1];
  const at = ({ seconds, score }: Scored): Point => [seconds * scale, words.value(score)];
  const front: Scored[] = [];
  for (const each of done)
    if (front.length === 0 || each.score > front[front.length - 1].score) front.push(each);
  const [first] = front;
  const top = front.at(-1);
  // What takes longer than the best is no better.
  const toTheEnd: Point[] = top ? [[longest * scale, words.value(top.score)]] : [];
  return scatter(
    {
      id: "against-time",
      title: `${capital(words.name)} against training time`,
      description:
        first && top
          ? `Of ${done.length} configurations the quickest on the line, ${first.configuration.name}, comes to ${words.text(first.score)} in ${times(first.seconds)}; the best, ${top.configuration.name}, to ${words.text(top.score)} in ${times(top.seconds)}.`
          : "No configuration is done yet.",
      xLabel: `Training time (${unit})`,
      points: done.map((each) => ({ name: each.configuration.name, at: at(each) })),
      line: { name: "best in so much time", points: [...front.map(at), ...toTheEnd], step: true },
    },
    words,
  );
}

/** The best of all before, configuration by configuration. */
export function bestSoFar(spec: SweepSpec, results: SweepResults): ChartData {
  const words = scoreWords(spec.optimize);
  const done = scored(results);
  const order = new Map(
    results.configurations.map((each, index) => [each as ConfigurationResult, index + 1]),
  );
  let best = Number.NEGATIVE_INFINITY;
  const line = done.map((each): Point => {
    best = Math.max(best, each.score);
    return [order.get(each) ?? 0, words.value(best)];
  });
  return scatter(
    {
      id: "best-so-far",
      title: "Best so far",
      description:
        done.length > 0
          ? `After ${done.length} configurations the best ${words.name} is ${words.text(best)}.`
          : "No configuration is done yet.",
      xLabel: "Configuration, in the order of the plan",
      points: done.map((each) => ({
        name: each.configuration.name,
        at: [order.get(each) ?? 0, words.value(each.score)],
      })),
      line: { name: "best so far", points: line, step: true },
    },
    words,
  );
}

/** Value and score of each configuration, for a setting of numbers. */
export function settingChart(spec: SweepSpec, { path, points, correlation = 0 }: Mattered): ChartData {
  const words = scoreWords(spec.optimize);
  const values = points.map(([value]) => value);
  const logX = Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 20;
  return scatter(
    {
      id: `setting-${path.replaceAll(/[^\w-]/gu, "-")}`,
      title: path,
      description: `${points.length} configurations by ${path} and ${words.name}; their rank correlation is ${correlation.toFixed(2)}.`,
      xLabel: path,
      logX,
      points: points.map(([value, score]) => ({ name: valueWords(value), at: [value, words.value(score)] })),
    },
    words,
  );
}

/** Settings of numbers with more values than a table tells one by one. */
export const drawnSettings = (spec: SweepSpec, results: SweepResults): readonly Mattered[] =>
  mattered(spec, results.configurations).filter(
    ({ values, points }) => values.length === 0 && points.length > 0,
  );

/** Validation by epoch of the best few, of their first seeds. */
export function courses(spec: SweepSpec, results: SweepResults, few = 5): ChartData {
  const words = scoreWords(spec.optimize);
  const best = [...scored(results)].sort((a, b) => b.score - a.score).slice(0, few);
  const sign = spec.optimize === "validationLoss" ? -1 : 1;
  return lineChart({
    id: "courses",
    title: `${capital(words.name)} by epoch`,
    description: best
      .map(({ configuration, score }) => `${configuration.name} comes to ${words.text(score)}.`)
      .join(" "),
    xLabel: "Epoch",
    xMin: 0,
    yLabel: words.name,
    unit: words.unit,
    series: best.map(({ configuration, records }) => ({
      name: configuration.name,
      points: records[0].history.map(
        (epoch) => [epoch.epoch, words.value(sign * epoch[spec.optimize])] as const,
      ),
    })),
  });
}

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

const times = (seconds: number): string =>
  seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
