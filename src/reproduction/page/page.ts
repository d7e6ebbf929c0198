import { FASHION_MNIST } from "../../node/data/load.js";
import { type Html, html } from "../../report/html.js";
import { renderPage } from "../../report/page.js";
import { counted } from "../../report/words.js";
import { claimsCount } from "../claims.js";
import { isWhole, measure, measures, standing } from "../measures.js";
import { meanAndDeviation, percent, plural, points } from "../numbers.js";
import { paperDoi, paperModels, paperTable2 } from "../paper.js";
import { currentGroup, type ReproductionResults } from "../results.js";
import type { TestImages } from "../shirt.js";
import { trialsOf } from "../spread.js";
import { claimsSection, figuresSection, shirtSection } from "./article-sections.js";
import { differencesSection } from "./differences.js";
import { fromTrials } from "./links.js";
import { contradictionsSection, methodSection, trialsSection } from "./method.js";
import { schedulesSection, table2Section, table3Section, table4Section } from "./results-sections.js";

const quickNotice =
  "This is a quick run, not the reproduction: a few epochs of a few images, to see that everything works. Its figures say nothing of the paper.";

/** What a reader must know before any figure; undefined where there is nothing. */
export function noticeOf({ quick, records }: ReproductionResults): string | undefined {
  const data = [...new Set(records.map(({ config }) => config.data))].find((name) => name !== FASHION_MNIST);
  const notices = [
    quick && quickNotice,
    data !== undefined && `The data is ${data}, not Fashion-MNIST: the paper's figures are of other images.`,
  ].filter((notice) => notice !== false);
  return notices.length === 0 ? undefined : notices.join(" ");
}

/** What came out, in a few sentences. */
function lead(results: ReproductionResults): Html {
  const group = currentGroup(results, "proposed");
  const accuracy = measure(group, measures.testAccuracy);
  const counts = claimsCount(results);
  const judged = counts.holds + counts["holds in part"] + counts["doesn't hold"];
  const whole = paperModels.filter((model) => isWhole(currentGroup(results, model))).length;
  const headline = accuracy
    ? html`The Proposed CNN classifies <b>${meanAndDeviation(accuracy, percent)} %</b> of the test images right (${standing(group)}); the paper's has ${paperTable2.proposed.accuracy} %: a difference of <b>${points(accuracy.mean - paperTable2.proposed.accuracy / 100)}</b>. ${fromTrials(trialsOf(accuracy))}`
    : html`The Proposed CNN is not run yet.`;
  return html`<p>A paper of 2023 proposes a convolutional network for Fashion-MNIST and a dynamic learning rate, and reports ${paperTable2.proposed.accuracy} % against four other models. All five are trained here again, on its images, in its batches, for its number of epochs, and every table and figure is set beside the paper's.</p>
<p>${headline}</p>
<p>${judged > 0 && `Of the paper's claims that the trials so far can test, ${counts.holds} hold, ${counts["holds in part"]} hold in part and ${counts["doesn't hold"]} ${counts["doesn't hold"] === 1 ? "doesn't" : "don't"}.`} ${whole < paperModels.length && `Not everything is run yet: ${counted(whole)} of the ${paperModels.length} models of Table 2 have all their seeds, and each number says what stands behind it.`}</p>`;
}

/**
 * The reproduction as an article in one HTML file.
 *
 * @param images the test images, for pictures; words that stand in their place where they aren't at hand
 */
export function reproductionPage(results: ReproductionResults, images: TestImages | string): string {
  return renderPage({
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
      figuresSection(results),
      claimsSection(results),
      shirtSection(results, images),
      contradictionsSection(),
      trialsSection(results),
    ],
    footer: html`<p>The paper: Journal of ICT 22(1), January 2023, pp. 127–148, <a href="https://doi.org/${paperDoi}">doi ${paperDoi}</a>. Written by <code>heddle reproduce</code> from ${plural(results.records.length, "kept trial")}; this page holds all it shows and asks nothing from any host. Charts are drawn by Apache ECharts (Apache License 2.0).</p>`,
  });
}
