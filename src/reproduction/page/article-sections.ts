import { shapeSize } from "../../core/layers/shape.js";
import { percent, plural } from "../../core/words.js";
import { chartHtml } from "../../report/chart.js";
import { type Html, html } from "../../report/html.js";
import type { PageSection } from "../../report/page.js";
import { pictureRow } from "../../report/picture.js";
import { tableHtml } from "../../report/table.js";
import { claimsCount, judgeClaim, judgeClaims } from "../claims/claims.js";
import type { Verdict } from "../claims/rules.js";
import { type PaperFigure, paperFigures } from "../figures/index.js";
import type { ReproductionResults } from "../results/results.js";
import {
  type ShirtEvidence,
  shirtEvidence,
  shirtMistakes,
  shirtTable,
  type TestImages,
} from "../results/shirt.js";
import { fromTrials, statementHtml } from "./links.js";

function figureHtml({ number, title, where, paper, here, drawn, charts, inPage }: PaperFigure): Html {
  return html`<h3>Figure ${number}: ${title}</h3>
<p><b>The paper</b> (${where}): ${paper}</p>
${[...here, ...(drawn ? [drawn] : [])].map(
  (statement) => html`<p>${statementHtml(statement)}</p>
`,
)}${inPage ?? charts.map(({ chart }) => chartHtml(chart))}
`;
}

export const figuresSection = (results: ReproductionResults): PageSection => ({
  id: "figures",
  title: "The figures",
  body: html`<p>Each beside what the paper's text says that its own shows; its pictures are not compared. Figures 1 and 3 draw no result.</p>
${paperFigures(results).map(figureHtml)}`,
});

const verdictClasses: Readonly<Record<Verdict, string>> = {
  holds: "good",
  "holds in part": "",
  "doesn't hold": "bad",
  "can't be judged yet": "muted",
  "can't be tested here": "muted",
  "not run yet": "muted",
};

const upper = (text: string): string => text[0].toUpperCase() + text.slice(1);

export function claimsSection(results: ReproductionResults): PageSection {
  const counts = Object.entries(claimsCount(results))
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${verdict}: ${count}`)
    .join("; ");
  const rows = judgeClaims(results).map(
    ({ claim, where, verdict, finding, rule, sources }) => html`<h4>${claim}</h4>
<p><b class="${verdictClasses[verdict]}">${upper(verdict)}</b>: ${finding}. ${fromTrials(sources)}<br><span class="muted">${where}. ${rule}</span></p>
`,
  );
  return {
    id: "claims",
    title: "The claims, one by one",
    body: html`<p>Every claim of the abstract and the conclusion that can be put as one, and those of the analysis that they rest on, in our words. Each verdict follows from the figures by the rule under it; standard deviations are over the seeds, and with three of them they are rough. Where a rule asks for one and there is a single seed, the claim can't be judged yet.</p>
<p>${upper(counts)}.</p>
${rows}`,
  };
}

/** How many of the surest mistakes are shown. */
const mostPictures = 30;

function pictures(evidence: ShirtEvidence, images: TestImages): Html {
  const { classNames, trials } = evidence;
  const all = shirtMistakes(evidence);
  const size = shapeSize(images.imageShape);
  const shown = all.slice(0, mostPictures).map(({ image, predicted, probability, wrong }) => ({
    pixels: images.images.subarray(image * size, (image + 1) * size),
    alt: `Test image ${image}: a Shirt, taken for ${classNames[predicted]}`,
    caption: html`<span class="truth">Shirt</span><span class="taken">taken for <b>${classNames[predicted]}</b></span><span class="muted">${percent(probability, 1)}${trials.length > 1 && `, ${wrong} of ${trials.length} wrong`}</span>`,
  }));
  if (shown.length === 0) return html`<p>Together the networks make no mistake on Shirts.</p>`;
  return html`<figure class="long" id="shirt-pictures">
<figcaption><strong>The ${shown.length} surest of ${plural(all.length, "mistake")} on true Shirts</strong> <span>By the probabilities of ${plural(trials.length, "network")}, one a seed, averaged. Under each picture: what it is, what it is taken for, how sure they are of that together, and how many of them get it wrong alone.</span></figcaption>
${pictureRow(shown, images.imageShape)}</figure>
`;
}

/** @param images null where the data set isn't at hand, with the reason in words */
export function shirtSection(results: ReproductionResults, images: TestImages | string): PageSection {
  const evidence = shirtEvidence(results);
  const table = shirtTable(results);
  return {
    id: "shirt",
    title: "Shirt, the class told worst in the paper",
    body:
      evidence && table
        ? html`${["shirt-worst", "shirt-pullover"].map((id) => html`<p>${statementHtml(judgeClaim(results, id))}</p>`)}
${tableHtml(table)}
${typeof images === "string" ? html`<p>${images}</p>` : pictures(evidence, images)}`
        : html`<p>Not run yet: needs the predictions of Table 2's Proposed CNN on data that has a class Shirt.</p>`,
  };
}
