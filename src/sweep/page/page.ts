import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { counted, duration, listed, percent, plural } from "../../core/words.js";
import { chartHtml } from "../../report/chart.js";
import { type Html, html } from "../../report/html.js";
import { type PageAssets, type PageSection, renderPage } from "../../report/page.js";
import { type TableCell, type TableData, type TableRow, tableHtml } from "../../report/table.js";
import { mattered } from "../mattered.js";
import type { ConfigurationResult, SweepResults } from "../results.js";
import { settingAt } from "../settings.js";
import type { SweepSpec } from "../sweep-spec.js";
import { accuracyAgainstTime, bestSoFar, courses, drawnSettings, scored, settingChart } from "./charts.js";
import { pathNames, scoreWords, valueWords } from "./words.js";

/** What the page of a sweep is made of. */
export interface SweepPage {
  /** What it is called: its folder. */
  readonly name: string;
  readonly spec: SweepSpec;
  readonly results: SweepResults;
  /** The best as a recipe, as it is written beside the page; undefined where none is done. */
  readonly recipe?: string;
  /** Of this library. */
  readonly version: string;
}

/** The page of a sweep: what was found, what mattered, every configuration. */
export function sweepPage(page: SweepPage, assets: PageAssets): string {
  const { name, spec, results, version } = page;
  const done = scored(results);
  return renderPage(
    {
      title: name,
      subtitle: `A sweep: ${kindWords[spec.kind]}, ${plural(results.configurations.length, "configuration")}`,
      notice: noticeOf(results),
      lead: lead(spec, results),
      sections: [
        ...(done.length > 0 ? [chartsSection(spec, results), matteredSection(spec, results)] : []),
        {
          id: "configurations",
          title: "Every configuration",
          body: tableHtml(configurationsTable(spec, results)),
        },
        ...setAsideSection(results),
        howSection(page),
      ],
      footer: html`<p>Written by heddle ${version}. This page holds all it shows and asks nothing from any host. Charts are drawn by <a href="https://echarts.apache.org">Apache ECharts</a> (Apache License 2.0).</p>`,
    },
    assets,
  );
}

/** What is still to come; undefined at the end. */
function noticeOf({ configurations, isOver }: SweepResults): string | undefined {
  const open = configurations.filter(({ state }) => state === "open").length;
  if (open > 0) return `${counted(open)} of ${plural(configurations.length, "configuration")} still to come.`;
  if (isOver) return undefined;
  const furthest = Math.max(...configurations.map(({ epochs }) => epochs));
  return `Rounds are still to come: so far the furthest came to ${plural(furthest, "epoch")}.`;
}

const kindWords = {
  grid: "a grid",
  random: "drawn at random",
  halving: "successive halving",
  list: "a list",
} as const satisfies Record<SweepSpec["kind"], string>;

function lead(spec: SweepSpec, { configurations, best }: SweepResults): Html {
  const { name, text } = scoreWords(spec.optimize);
  const chosen = html`<p>All of it is of the images that validate: a sweep looks at no test image, so that what is chosen here can still be judged on them.</p>`;
  if (!best || best.score === undefined) return html`<p>No configuration is done yet.</p>${chosen}`;
  const settings = Object.entries(best.configuration.varied).map(
    ([path, value]) => `${path} ${valueWords(value)}`,
  );
  const aside = configurations.filter(({ state }) => state === "set aside").length;
  return html`<p>The best is <b>${best.configuration.name}</b> with a ${name} of <b>${text(best.score)}</b>${spec.seeds.length > 1 && `, the mean of ${plural(spec.seeds.length, "seed")}`}${settings.length > 0 && `: ${settings.join("; ")}`}.${aside > 0 && ` ${plural(aside, "configuration")} came to nothing and ${aside === 1 ? "is" : "are"} set aside.`}</p>${chosen}`;
}

function chartsSection(spec: SweepSpec, results: SweepResults): PageSection {
  const further =
    spec.kind === "halving" &&
    html`<p>Configurations trained for different numbers of epochs: those that were left behind stand with what they had come to by then.</p>`;
  return {
    id: "found",
    title: "What was found",
    body: html`${further}${[accuracyAgainstTime(spec, results), bestSoFar(spec, results), courses(spec, results)].map(chartHtml)}`,
  };
}

function matteredSection(spec: SweepSpec, results: SweepResults): PageSection {
  const { name } = scoreWords(spec.optimize);
  const after =
    spec.kind === "halving" ? " All are compared after the first round, which each of them has done." : "";
  return {
    id: "mattered",
    title: "What mattered",
    body: html`<p>How each setting went with the ${name}. That is no proof of what made it so: in few trials chance does much, and a setting may do well only beside another.${after}</p>
${tableHtml(matteredTable(spec, results))}${drawnSettings(spec, results).map((each) => chartHtml(settingChart(spec, each)))}`,
  };
}

function matteredTable(spec: SweepSpec, { configurations }: SweepResults): TableData {
  const { name, text, best: greatest } = scoreWords(spec.optimize);
  const rows = mattered(spec, configurations).flatMap(
    ({ path, scores, values, correlation, share }): TableRow[] => {
      const between = { text: share === undefined ? "–" : percent(share, 0), value: share };
      const rank = { text: correlation === undefined ? "–" : correlation.toFixed(2), value: correlation };
      if (scores.length === 0) return [];
      if (values.length === 0) {
        const mean = scores.reduce((sum, each) => sum + each, 0) / scores.length;
        const all = [
          { text: counted(scores.length), value: scores.length },
          { text: text(mean), value: mean },
          { text: text(Math.max(...scores)), value: Math.max(...scores) },
        ];
        return [[path, "many", ...all, between, rank]];
      }
      const top = Math.max(...values.map(({ mean }) => mean));
      return values.map(({ value, count, mean, best }) => [
        path,
        { text: valueWords(value), value: typeof value === "number" ? value : undefined },
        { text: counted(count), value: count },
        {
          text: text(mean),
          value: mean,
          tone: values.length > 1 && mean === top ? ("good" as const) : undefined,
        },
        { text: text(best), value: best },
        between,
        rank,
      ]);
    },
  );
  return {
    id: "what-mattered",
    title: "By setting and value",
    caption: `The best mean of each setting is in colour. Between values: the share of the variance of the ${name} that lies between a setting's values. Rank correlation: Spearman's, of value and how good it was.`,
    columns: [
      { title: "Setting" },
      { title: "Value" },
      { title: "Configurations", numeric: true },
      { title: "Mean", numeric: true },
      { title: greatest[0].toUpperCase() + greatest.slice(1), numeric: true },
      { title: "Between values", numeric: true },
      { title: "Rank correlation", numeric: true },
    ],
    rows,
  };
}

function configurationsTable(spec: SweepSpec, { configurations, best }: SweepResults): TableData {
  const { name, text } = scoreWords(spec.optimize);
  const paths = [
    ...new Set(configurations.flatMap(({ configuration }) => Object.keys(configuration.varied))),
  ];
  const names = pathNames(paths);
  const seeds = spec.seeds.length > 1;
  const rows = [...configurations]
    .sort((a, b) => order(b) - order(a))
    .map((each) => [
      each.configuration.name,
      ...paths.map((path): TableCell => {
        const value = settingAt(each.configuration.settings, path);
        return { text: valueWords(value), value: typeof value === "number" ? value : undefined };
      }),
      scoreCell(each, text, each === best),
      ...(seeds ? [spreadCell(each, spec)] : []),
      { text: counted(each.epochs), value: each.epochs },
      { text: each.seconds > 0 ? duration(each.seconds) : "–", value: each.seconds },
    ]);
  return {
    id: "all-configurations",
    title: "Configurations",
    caption: `The best first. The ${name} is that of the best epoch${seeds ? ", the mean over the seeds" : ""}; the time is that of training alone.`,
    columns: [
      { title: "Name" },
      ...paths.map((path) => ({
        title: names.get(path) ?? path,
        numeric: configurations.every(
          ({ configuration }) => typeof settingAt(configuration.settings, path) === "number",
        ),
      })),
      { title: name[0].toUpperCase() + name.slice(1), numeric: true },
      ...(seeds ? [{ title: "Seeds", numeric: true }] : []),
      { title: "Epochs", numeric: true },
      { title: "Time", numeric: true },
    ],
    rows,
  };
}

function scoreCell(
  { score, state }: ConfigurationResult,
  text: (score: number) => string,
  isBest: boolean,
): TableCell {
  if (score !== undefined) return { text: text(score), value: score, tone: isBest ? "good" : undefined };
  return { text: state === "open" ? "to come" : state, tone: state === "set aside" ? "bad" : "muted" };
}

/** What is done by its score, then what is still to come, then what came to nothing. */
const order = ({ score, state }: ConfigurationResult): number => score ?? (state === "open" ? -1e9 : -1e12);

/** The least and the most of the seeds. */
function spreadCell({ records, score }: ConfigurationResult, { optimize }: SweepSpec): TableCell {
  const { text } = scoreWords(optimize);
  if (score === undefined) return { text: "–", tone: "muted" };
  const scores = records.map(({ history }) =>
    Math.max(
      ...history.map((epoch) =>
        optimize === "validationLoss" ? -epoch.validationLoss : epoch.validationAccuracy,
      ),
    ),
  );
  return {
    text: `${text(Math.min(...scores))} to ${text(Math.max(...scores))}`,
    value: Math.max(...scores) - Math.min(...scores),
  };
}

function setAsideSection({ configurations }: SweepResults): PageSection[] {
  const failures = configurations.flatMap((each) => each.failures);
  if (failures.length === 0) return [];
  return [
    {
      id: "set-aside",
      title: "Set aside",
      body: html`<ul>${failures.map(({ id, message }) => html`<li><b>${id}</b>: ${message}</li>`)}</ul>`,
    },
  ];
}

function howSection({ spec, recipe }: SweepPage): PageSection {
  const { base, data, seeds, vary, kind, halving } = spec;
  const how =
    kind === "halving"
      ? ` All trained for ${plural(halving.from, "epoch")} at first; then one in ${halving.factor} went on for ${halving.factor} times as many, and so on to ${String(base.epochs)}.`
      : "";
  const varied = vary.map(({ name }) => name);
  return {
    id: "how",
    title: "How it was done",
    body: html`<p>On ${data.name === undefined || data.name === fashionMnist ? "Fashion-MNIST" : data.name}, with ${seeds.length === 1 ? "the seed" : "the seeds"} ${listed(seeds.map(String))}.${how}${varied.length > 0 && ` What varies: ${listed(varied)}. All else is the same:`}</p>
<pre class="scroll" tabindex="0"><code>${JSON.stringify(base, null, 2)}</code></pre>
${
  recipe !== undefined &&
  html`<h3>The best as a recipe</h3>
<pre class="scroll" tabindex="0"><code>${recipe}</code></pre>
<p>It lies beside this page as <code>best.yaml</code>. Train it anew, judge it on the test images: <code>heddle train --recipe best.yaml</code></p>`
}`,
  };
}
