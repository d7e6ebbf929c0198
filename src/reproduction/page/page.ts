import { counted, plural } from "../../core/words.js";
import { type Html, html } from "../../report/html.js";
import { type Page, type PageAssets, renderPage } from "../../report/page.js";
import { claimsCount } from "../claims/claims.js";
import { paperDoi, paperModels, paperTable2 } from "../paper/paper.js";
import { isWhole, measure, measures, standing } from "../results/measures.js";
import { hundredths, meanAndDeviation, points } from "../results/numbers.js";
import { currentGroup, type ReproductionResults } from "../results/results.js";
import type { TestImages } from "../results/shirt.js";
import { trialsOf } from "../results/spread.js";
import { claimsSection, figuresSection, shirtSection } from "./article-sections.js";
import { differencesSection } from "./differences.js";
import { fromTrials } from "./links.js";
import { contradictionsSection, methodSection, trialsSection } from "./method.js";
import { noticeOf } from "./notice.js";
import {
  dropoutSection,
  schedulesSection,
  table2Section,
  table3Section,
  table4Section,
} from "./results-sections.js";

/** How many of the models are trained, and how like the paper's: the notice says where they are not. */
function trainedWords(results: ReproductionResults): string {
  const count = paperModels.filter((model) => currentGroup(results, model).kept.length > 0).length;
  if (count === 0) return "None of the five is trained here yet";
  const who =
    count === paperModels.length ? "All five are" : `${count} of the five ${count === 1 ? "is" : "are"}`;
  const like = noticeOf(results) ? "" : ", on its images, in its batches, for its number of epochs";
  return `${who} trained here again${like}`;
}

/** What the paper's claims came to, in numbers. */
function claimWords(results: ReproductionResults): string {
  const counts = claimsCount(results);
  const [holds, part, not] = [counts.holds, counts["holds in part"], counts["doesn't hold"]];
  const unjudged = counts["can't be judged yet"];
  const verb = (count: number): string => (count === 1 ? "holds" : "hold");
  return [
    ...(holds + part + not > 0
      ? [
          `Of the paper's claims that the trials here can test, ${holds} ${verb(holds)}, ${part} ${verb(part)} in part and ${not} ${not === 1 ? "doesn't" : "don't"}.`,
        ]
      : []),
    ...(unjudged > 0
      ? [`${unjudged} can't be judged yet: their rules ask for a spread, and a single seed has none.`]
      : []),
  ].join(" ");
}

/** What came out, in a few sentences. */
function lead(results: ReproductionResults): Html {
  const group = currentGroup(results, "proposed");
  const accuracy = measure(group, measures.testAccuracy);
  const whole = paperModels.filter((model) => isWhole(currentGroup(results, model))).length;
  const headline = accuracy
    ? html`The Proposed CNN classifies <b>${meanAndDeviation(accuracy, hundredths)} %</b> of the test images right (${standing(group)}); the paper's has ${paperTable2.proposed.accuracy} %: a difference of <b>${points(accuracy.mean - paperTable2.proposed.accuracy / 100)}</b>. ${fromTrials(trialsOf(accuracy))}`
    : html`The Proposed CNN is not run yet.`;
  return html`<p>A paper of 2023 proposes a convolutional network for Fashion-MNIST and a dynamic learning rate, and reports ${paperTable2.proposed.accuracy} % against four other models. ${trainedWords(results)}, and every table and figure is set beside the paper's.</p>
<p>${headline}</p>
<p>${claimWords(results)} ${whole < paperModels.length && `Not everything is run yet: ${counted(whole)} of the ${paperModels.length} models of Table 2 have all their seeds, and each number says what stands behind it.`}</p>`;
}

/**
 * The reproduction as an article in one HTML file.
 *
 * @param images the test images, for pictures; words that stand in their place where they aren't at hand
 */
export function reproductionPage(
  results: ReproductionResults,
  images: TestImages | string,
  assets: PageAssets,
): string {
  const page: Page = {
    title: "A fashion-image classifier, reproduced",
    subtitle:
      "“A Novel Method for Fashion Clothing Image Classification Based on Deep Learning”, trained again from its text",
    notice: noticeOf(results),
    lead: lead(results),
    sections: [
      table2Section(results),
      methodSection(results),
      differencesSection(results),
      table3Section(results),
      table4Section(results),
      schedulesSection(results),
      dropoutSection(results),
      figuresSection(results),
      claimsSection(results),
      shirtSection(results, images),
      contradictionsSection(),
      trialsSection(results),
    ],
    footer: html`<p>The paper: Journal of ICT 22(1), January 2023, pp. 127–148, <a href="https://doi.org/${paperDoi}">doi ${paperDoi}</a>. Written by <code>heddle reproduce</code> from ${plural(results.records.length, "kept trial")}; this page holds all it shows and asks nothing from any host. Charts are drawn by Apache ECharts (Apache License 2.0).</p>`,
  };
  return renderPage(page, assets);
}
