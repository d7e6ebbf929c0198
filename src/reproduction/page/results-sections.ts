import { listed } from "../../core/words.js";
import { chartHtml } from "../../report/chart.js";
import { type Html, html } from "../../report/html.js";
import type { PageSection } from "../../report/page.js";
import { tableHtml } from "../../report/table.js";
import { baselines, baselinesReach } from "../claims/accuracy.js";
import { judgeClaim } from "../claims/claims.js";
import { scheduleVerdict } from "../claims/schedule-verdict.js";
import { dropoutAccuracy } from "../claims/structure.js";
import { dropoutCharts, scheduleCharts } from "../figures/index.js";
import { outcomeWords, reasonWords } from "../results/printed.js";
import { printedGroups, type ReproductionResults } from "../results/results.js";
import { arithmeticTable } from "../tables/arithmetic.js";
import { meanCell } from "../tables/cells.js";
import { dropoutTable } from "../tables/dropout.js";
import { schedulesTable, startRatesTable } from "../tables/schedules.js";
import { optimizerTitle, table2OfPage } from "../tables/table2.js";
import { table3 } from "../tables/table3.js";
import { epochTimesNote, epochTimesTable, table4OfPage } from "../tables/table4.js";
import { fromTrials, statementHtml, withCode } from "./links.js";

function baselineSentence(results: ReproductionResults): Html {
  const { reached, below } = baselinesReach(results);
  if (reached.length + below.length === 0) return html``;
  const parts = [
    reached.length > 0 &&
      `${listed(reached)} ${reached.length === 1 ? "is" : "are"} at or above the paper's figure`,
    below.length > 0 && `${listed(below)} ${below.length === 1 ? "is" : "are"} below it`,
  ].filter(Boolean);
  return html`<p>Of the baselines, ${parts.join("; ")}. All five models are trained by one protocol, which was searched for on the Proposed CNN.</p>`;
}

function printedPart(results: ReproductionResults): Html {
  const groups = printedGroups(results);
  const items = groups.map(({ optimizer, group }) => {
    const [record] = group.kept;
    if (!record) return html`<li><b>${optimizerTitle(optimizer)}</b>: not run yet.</li>`;
    return html`<li><b>${optimizerTitle(optimizer)}</b> ${outcomeWords(record)}. ${reasonWords(record)} ${fromTrials([record.id])}</li>`;
  });
  return html`<h3>The printed setting</h3>
<p>The paper gives one learning rate: from 0.1, kept within 0.1 and 1e-8, by its Algorithm 1, with “an adaptive gradient descent algorithm, such as Adam”. That is trained as it stands, by Adam, and by SGD, which the paper doesn't name. A trial that fails is a result.</p>
<ul>${items.length > 0 ? items : html`<li>Not run yet.</li>`}</ul>`;
}

export const table2Section = (results: ReproductionResults): PageSection => ({
  id: "accuracy",
  title: "Table 2: accuracy and loss",
  body: html`${tableHtml(table2OfPage(results))}
${baselineSentence(results)}
${printedPart(results)}
${results.earlier.length > 0 && tableHtml(arithmeticTable(results))}`,
});

export const table3Section = (results: ReproductionResults): PageSection => ({
  id: "classes",
  title: "Table 3: every class",
  body: html`${(["proposed", ...baselines] as const).map((model) => tableHtml(table3(results, model)))}`,
});

export const table4Section = (results: ReproductionResults): PageSection => ({
  id: "batch-size",
  title: "Table 4: batch size",
  body: html`${tableHtml(table4OfPage(results))}
${results.epochTimes && tableHtml(epochTimesTable(results))}
<p>${withCode(epochTimesNote(results.epochTimes))}</p>`,
});

export function schedulesSection(results: ReproductionResults): PageSection {
  const charts = scheduleCharts(results).map(({ chart }) => chartHtml(chart));
  const table = schedulesTable(results, meanCell);
  return {
    id: "dynamic-rate",
    title: "Is the dynamic rate worth it?",
    body: html`<p>The abstract says that the dynamic learning rate makes the model converge fast and shortens training; the text adds that it prevents overfitting. It compares it with nothing. Here seven schedules train the Proposed CNN, each at the best of its start rates, which one seed chose on the validation images: of three, and of those further out where the best was at the edge.</p>
${scheduleVerdict(results).map((sentence) => html`<p>${statementHtml(sentence)}</p>`)}
${table.rows.length > 0 && [tableHtml(table), ...charts, tableHtml(startRatesTable(results))]}`,
  };
}

export function dropoutSection(results: ReproductionResults): PageSection {
  const accuracy = dropoutAccuracy(results);
  const charts = dropoutCharts(results).map(({ chart }) => chartHtml(chart));
  return {
    id: "dropout",
    title: "What is dropout worth?",
    body: html`<p>The conclusion says that dropout, where and as much as it is set, speeds up convergence and suppresses overfitting; the paper trains no network without it. Here the Proposed CNN trains without its four dropout layers, everything else unchanged.</p>
<p>${statementHtml(judgeClaim(results, "dropout"))}</p>
${accuracy && html`<p>${statementHtml(accuracy)}</p>`}
${charts.length > 0 && [tableHtml(dropoutTable(results, meanCell)), ...charts]}`,
  };
}
