import { listed } from "../../core/words.js";
import { type Html, html } from "../../report/html.js";
import type { PageSection } from "../../report/page.js";
import { modelTitle } from "../claims/claim.js";
import { paperModels, paperTable2 } from "../paper/paper.js";
import { overconfidenceOf } from "../results/confidence.js";
import { measure, measures, reachesPaper } from "../results/measures.js";
import { decimal, hundredths } from "../results/numbers.js";
import { courseOf } from "../results/printed.js";
import {
  currentGroup,
  currentProtocol,
  printedGroups,
  type ReproductionResults,
} from "../results/results.js";
import { type Spread, trialsOf } from "../results/spread.js";
import { fromTrials } from "./links.js";

/** "0.24 points above" */
function distance(share: number): string {
  const points = hundredths(Math.abs(share));
  return Number(points) === 0 ? "level with" : `${points} points ${share < 0 ? "below" : "above"}`;
}

interface Compared {
  readonly model: (typeof paperModels)[number];
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
    return [{ model, spread, difference: spread.mean - paper }];
  });
}

/** What the paper doesn't say of its figure; of the learning rate only where the printed one was tried and trains nothing. */
function unsaid(results: ReproductionResults): string {
  const printed = printedGroups(results).flatMap(({ group }) => group.kept);
  const fails = printed.length > 0 && printed.every((record) => courseOf(record) !== "trained");
  return [
    "neither the optimizer's settings",
    ...(fails ? ["nor a learning rate that trains this network (the printed one doesn't, see above)"] : []),
    "nor the augmentation that its introduction names",
  ].join(", ");
}

/** What the same weights reach on the validation images, and what of the distance the choice of the epoch can explain. */
function validationPart(results: ReproductionResults): string {
  const group = currentGroup(results, "proposed");
  const judged = { ...group, kept: group.kept.filter(({ test }) => test) };
  const [test, best, last] = [
    measures.testAccuracy,
    measures.validationAccuracy,
    measures.lastValidationAccuracy,
  ].map((of) => measure(judged, of)?.mean);
  if (test === undefined || best === undefined || last === undefined) return "";
  const fall = best - test;
  const same = `On the validation images the same weights reach ${hundredths(best)} %, ${distance(fall)} what they reach on the test images.`;
  if (!(Number(hundredths(fall)) > 0)) return same;
  const choice = best - last;
  const chosen = `The epoch was chosen by these images, and on them it is ${hundredths(choice)} points above the last one`;
  const explained =
    choice >= fall
      ? "which can explain all of that"
      : "which can explain as much of that; the rest is left unexplained";
  return `${same} ${chosen}, ${explained}. The protocol was chosen on these images too.`;
}

/** The Proposed CNN's accuracy against the paper's, in its own standard deviations, and what that can mean. */
function proposedPart(results: ReproductionResults): Html {
  const spread = measure(currentGroup(results, "proposed"), measures.testAccuracy);
  if (!spread) return html``;
  const difference = spread.mean - paperTable2.proposed.accuracy / 100;
  const spreadWords =
    spread.deviation === null
      ? "with one seed there is no spread to hold it against"
      : `the standard deviation over the seeds is ${hundredths(spread.deviation)} points`;
  const reading = reachesPaper(spread, "proposed")
    ? "The paper's figure is reached with its structure and its images unchanged."
    : `What the paper did to get there is not in its text: ${unsaid(results)}. It also doesn't say how many trials stand behind its figure, nor which epoch's weights were judged: the best of many epochs by the test images reads higher than that of the epoch best by validation, which is what counts here.`;
  return html`<p><b>The Proposed CNN</b> is ${distance(difference)} the paper's ${decimal(paperTable2.proposed.accuracy, 2)} %; ${spreadWords}. ${reading} ${validationPart(results)} ${fromTrials(trialsOf(spread))}</p>`;
}

function baselinesPart(results: ReproductionResults): Html {
  const above = compared(results, "accuracy").filter(
    ({ model, spread }) => model !== "proposed" && reachesPaper(spread, model),
  );
  if (above.length === 0) return html``;
  const words = above.map(({ model, difference }) => `${modelTitle(model)} by ${hundredths(difference)}`);
  return html`<p><b>Baselines</b> at or above the paper's: ${listed(words)} points. The paper doesn't say how its own were built and trained; these are the field's usual forms, trained by the same protocol, which was searched for on the Proposed CNN. A gain over a baseline is as large as the baseline is weak. ${fromTrials(trialsOf(...above.map(({ spread }) => spread)))}</p>`;
}

/** Smoothing as a cause of high losses: of the models only that are less sure than right. */
function smoothingPart(results: ReproductionResults, higher: readonly Compared[]): Html {
  const { labelSmoothing } = currentProtocol(results).settings;
  const unsure = higher.flatMap(({ model }) => {
    const spread = overconfidenceOf(results, currentGroup(results, model));
    return spread && spread.mean < 0 ? [{ model, spread }] : [];
  });
  if (labelSmoothing === 0 || unsure.length === 0) return html``;
  const words = unsure.map(({ model, spread }) => `${modelTitle(model)} by ${hundredths(-spread.mean)}`);
  return html` The protocol smooths the labels by ${labelSmoothing}, which teaches networks to be less sure, and cross-entropy charges for that where they are right. Here the mean confidence is below the accuracy: ${listed(words)} points. ${fromTrials(trialsOf(...unsure.map(({ spread }) => spread)))}`;
}

function lossPart(results: ReproductionResults): Html {
  const higher = compared(results, "loss").filter(({ difference }) => difference > 0);
  if (higher.length === 0) return html``;
  const words = higher.map(
    ({ model, spread, difference }) =>
      `${modelTitle(model)} ${decimal(spread.mean, 3)} (+${decimal(difference, 3)})`,
  );
  return html`<p><b>Losses</b> above the paper's: ${listed(words)}. ${fromTrials(trialsOf(...higher.map(({ spread }) => spread)))}${smoothingPart(results, higher)}</p>`;
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
