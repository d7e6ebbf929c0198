import { modelDefinitions } from "../../core/models/index.js";
import { scheduleDefinitions } from "../../core/schedules/index.js";
import { counted, duration, listed, plural } from "../../core/words.js";
import { type Html, html } from "../../report/html.js";
import type { PageSection } from "../../report/page.js";
import { augmentationWords, optionWords } from "../../report/settings-words.js";
import { contradictions } from "../paper/contradictions.js";
import { paperModels, paperProtocol } from "../paper/paper.js";
import { currentProtocol, earlierProtocols, type ReproductionResults } from "../results/results.js";
import { trialsHtml } from "../tables/trials.js";
import { withCode } from "./links.js";
import { noticeOf } from "./notice.js";

const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();

/** What the trials ran on and how long they took, all together. */
function machines({ records }: ReproductionResults): Html {
  if (records.length === 0) return html`<p>No trial is run yet.</p>`;
  const places = records.flatMap(({ environment }) => [environment, ...(environment.resumed ?? [])]);
  const days = unique(places.map(({ startedAt }) => startedAt.slice(0, 10)));
  const epochs = records.flatMap(({ history }) => history);
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const when = days.length === 1 ? days[0] : `${days[0]} to ${days[days.length - 1]}`;
  return html`<p>${plural(records.length, "trial")} of ${plural(epochs.length, "epoch")} ran on ${listed(
    unique(places.map(({ processor, threads }) => `${processor} with ${plural(threads, "thread")}`)),
  )}, Node ${listed(unique(places.map(({ node }) => node)))}, ${when}: ${duration(seconds)} of training, whatever else the machine was doing.</p>`;
}

const describes = (results: ReproductionResults): Html => {
  const { name, why, settings } = currentProtocol(results);
  const earlier = earlierProtocols(results);
  return html`<dl>
<dt><b>Optimizer</b></dt><dd>${optionWords(settings.optimizer)}</dd>
<dt><b>Schedule</b></dt><dd>${optionWords(settings.schedule)}: ${scheduleDefinitions[settings.schedule.name].equation}</dd>
<dt><b>Label smoothing</b></dt><dd>${settings.labelSmoothing}</dd>
<dt><b>Augmentation</b></dt><dd>${augmentationWords(settings.augmentation)}</dd>
<dt><b>Weights judged</b></dt><dd>those of the epoch best by validation accuracy: the test images choose nothing</dd>
<dt><b>Why so</b></dt><dd>${why}</dd>
</dl>
${
  earlier.length > 0 &&
  html`<p>${listed(earlier.map((each) => each.name))} ${earlier.length === 1 ? "was the protocol" : "were the protocols"} before ${name}. Trials that read the test images by ${earlier.length === 1 ? "it" : "them"} are kept as rows of their own.</p>`
}`;
};

/** Whether the protocol was chosen before or after test figures were known. */
function choiceWords(results: ReproductionResults): string {
  const earlier = earlierProtocols(results).map(({ name }) => name);
  return earlier.length === 0
    ? ", before the test images were read"
    : `; ${currentProtocol(results).name} was chosen after test figures by ${listed(earlier)} were known`;
}

/** Data, protocol, models and machine. */
export function methodSection(results: ReproductionResults): PageSection {
  const { train, validation, test, batchSize, stepsPerEpoch, epochs } = paperProtocol;
  const like = noticeOf(results)
    ? "As the paper has it, but for what the notice above says"
    : "As the paper has it";
  return {
    id: "method",
    title: "What was done",
    body: html`<p>${like}: Fashion-MNIST, its 60,000 training images split evenly per class into ${counted(train)} that train and ${counted(validation)} that validate, ${counted(test)} test images; pixels normalised; batches of ${batchSize}, ${stepsPerEpoch} an epoch, ${epochs} epochs; cross-entropy. What it leaves open, and the learning rate in place of the printed one, was chosen on the validation images alone${choiceWords(results)}. It is one protocol for all five models:</p>
${describes(results)}
${machines(results)}
<h3>The models</h3>
<ul>${paperModels.map((model) => html`<li><b>${modelDefinitions[model].title}</b>: ${modelDefinitions[model].why}</li>`)}</ul>`,
  };
}

export const contradictionsSection = (): PageSection => ({
  id: "contradictions",
  title: "Where the paper contradicts itself, and what was reconstructed",
  body: html`<dl>${contradictions.map(({ found, reading }) => html`<dt>${found}</dt><dd><b>Read as:</b> ${withCode(reading)}</dd>`)}</dl>`,
});

export const trialsSection = (results: ReproductionResults): PageSection => ({
  id: "trials",
  title: "Appendix: trials",
  body:
    results.records.length === 0
      ? html`<p>No trial is run yet.</p>`
      : html`<p>Every number above comes from these; the links under “from” lead here. The raw trials, with every epoch, lie in <code>trials/</code> beside this page.</p>
${trialsHtml(results)}`,
});
