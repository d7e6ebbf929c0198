import { type Html, html } from "../../report/html.js";
import type { PageSection } from "../../report/page.js";
import { listed } from "../../report/words.js";
import { modelTitle } from "../claim.js";
import { measure, measures } from "../measures.js";
import { decimal, percent } from "../numbers.js";
import { paperModels, paperTable2 } from "../paper.js";
import { currentGroup, currentProtocol, type ReproductionResults } from "../results.js";
import { type Spread, trialsOf } from "../spread.js";
import { fromTrials } from "./links.js";

/** "0.24 points above" */
const distance = (share: number): string =>
  `${percent(Math.abs(share))} points ${share < 0 ? "below" : "above"}`;

interface Compared {
  readonly title: string;
  readonly spread: Spread;
  /** Ours less the paper's. */
  readonly difference: number;
}

function compared(results: ReproductionResults, of: "accuracy" | "loss"): Compared[] {
  return paperModels.flatMap((model) => {
    const spread = measure(
      currentGroup(results, model),
      of === "accuracy" ? measures.testAccuracy : measures.testLoss,
    );
    if (!spread) return [];
    const paper = of === "accuracy" ? paperTable2[model].accuracy / 100 : paperTable2[model].loss;
    return [{ title: modelTitle(model), spread, difference: spread.mean - paper }];
  });
}

/** The Proposed CNN's accuracy against the paper's, in its own standard deviations, and what that can mean. */
function proposedPart(results: ReproductionResults): Html {
  const spread = measure(currentGroup(results, "proposed"), measures.testAccuracy);
  if (!spread) return html``;
  const difference = spread.mean - paperTable2.proposed.accuracy / 100;
  const spreadWords =
    spread.deviation === null
      ? "with one seed there is no spread to hold it against"
      : `the standard deviation over the seeds is ${percent(spread.deviation)} points`;
  const validation = measure(currentGroup(results, "proposed"), measures.validationAccuracy);
  const fall = validation && validation.mean - spread.mean;
  const reading =
    difference >= 0
      ? "The paper's figure is reached with its structure and its images unchanged."
      : "What the paper did to get there is not in its text: neither the optimizer's settings, nor a learning rate that trains this network, nor the augmentation that its introduction names. It also doesn't say how many trials stand behind its figure, nor which epoch's weights were judged: the best of many epochs by the test images reads higher than that of the epoch best by validation, which is what counts here.";
  return html`<p><b>The Proposed CNN</b> is ${distance(difference)} the paper's ${decimal(paperTable2.proposed.accuracy, 2)} %; ${spreadWords}. ${reading} ${
    fall !== null &&
    `On the validation images the same weights reach ${percent(validation!.mean)} %, ${distance(fall)} what they reach on the test images: the epoch is chosen by them, which flatters it.`
  } ${fromTrials(trialsOf(spread))}</p>`;
}

function baselinesPart(results: ReproductionResults): Html {
  const others = compared(results, "accuracy").filter(({ title }) => title !== modelTitle("proposed"));
  const above = others.filter(({ difference }) => difference >= 0);
  if (above.length === 0) return html``;
  const words = above.map(({ title, difference }) => `${title} by ${percent(difference)}`);
  return html`<p><b>Baselines</b> above the paper's: ${listed(words)} points. The paper doesn't say how its own were built and trained; these are the field's usual forms, trained with the care that the Proposed CNN gets. A gain over a baseline is as large as the baseline is weak. ${fromTrials(trialsOf(...above.map(({ spread }) => spread)))}</p>`;
}

function lossPart(results: ReproductionResults): Html {
  const higher = compared(results, "loss").filter(({ difference }) => difference > 0);
  if (higher.length === 0) return html``;
  const { labelSmoothing } = currentProtocol(results).settings;
  const words = higher.map(
    ({ title, spread, difference }) => `${title} ${decimal(spread.mean, 3)} (+${decimal(difference, 3)})`,
  );
  return html`<p><b>Losses</b> above the paper's: ${listed(words)}. ${
    labelSmoothing > 0 &&
    `The protocol smooths the labels by ${labelSmoothing}, which keeps the networks from being as sure as the cross-entropy of plain labels rewards: it is the same trained weights that reach the accuracies above.`
  } ${fromTrials(trialsOf(...higher.map(({ spread }) => spread)))}</p>`;
}

/** Where our figures differ from the paper's, and what can be said of why. */
export function differencesSection(results: ReproductionResults): PageSection {
  const some = compared(results, "accuracy").length > 0;
  return {
    id: "differences",
    title: "Where it differs, and why",
    body: some
      ? html`${proposedPart(results)}
${baselinesPart(results)}
${lossPart(results)}`
      : html`<p>Not run yet: needs Table 2.</p>`,
  };
}
