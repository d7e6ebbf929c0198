import { modelDefinitions } from "../../core/models/index.js";
import { scheduleDefinitions } from "../../core/schedules/index.js";
import { duration, listed, plural } from "../../core/words.js";
import { mistakes, pictureFigureHtml, type TestPictures } from "../../report/blocks/picture-figures.js";
import { chartHtml } from "../../report/chart.js";
import { type Html, html } from "../../report/html.js";
import { augmentationWords, optionWords } from "../../report/settings-words.js";
import { tableHtml, tableMarkdown } from "../../report/table.js";
import type { JudgedClaim } from "../claims/claim.js";
import { judgeClaims, verdictCounts, verdictTones } from "../claims/index.js";
import { figures } from "../figures/index.js";
import { type PaperModel, paperModels, paperTable2 } from "../paper/paper.js";
import { epochTimesCommand } from "../results/epoch-times.js";
import { modelGroup, printedGroups, standing } from "../results/groups.js";
import { type MeasureName, meanInWords, measure, measures, secondsOf } from "../results/measures.js";
import { predictedNetworks, together } from "../results/networks.js";
import { decimal } from "../results/numbers.js";
import { outcomeWords } from "../results/outcome.js";
import type { ReproductionResults } from "../results/results.js";
import { trialsOf } from "../results/spread.js";
import { epochTimesNote } from "../tables/epoch-times.js";
import { shownTables } from "../tables/index.js";
import type { FillSlot, Piece } from "./markdown.js";

/** Test images, for pictures of the mistakes; words that stand in their place where they aren't at hand. */
export type Pictures = Omit<TestPictures, "pixels"> & { pixelsOf(image: number): Uint8Array };

export interface SlotSources {
  readonly results: ReproductionResults;
  readonly pictures: Pictures | string;
  /** From the Markdown to the results folder. */
  readonly folder: string;
}

const notRun = "not run yet";

const upper = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** Links to the trials that figures are from. */
function fromTrials(sources: readonly string[]): Html {
  if (sources.length === 0) return html``;
  const links = sources.map(
    (id, index) => html` <a href="#trial-${id}" title="${id}" aria-label="${id}">${index + 1}</a>`,
  );
  return html` <span class="from muted">from${links}</span>`;
}

function tablePiece({ results }: SlotSources, name: string): Piece {
  const [page, docs] = (["page", "docs"] as const).map((place) => shownTables[name](results, place));
  if (page.rows.length === 0) {
    const words = page.empty ?? `${upper(notRun)}.`;
    return { html: html`<p>${page.title}: ${words}</p>`, markdown: `### ${docs.title}\n\n${words}` };
  }
  const caption = docs.caption === undefined ? "" : `\n\n${docs.caption}`;
  return {
    html: tableHtml(page),
    markdown: `### ${docs.title}\n\n${tableMarkdown(docs).trimEnd()}${caption}`,
  };
}

function figurePiece({ results, folder }: SlotSources, name: string): Piece | string {
  const figure = figures[name](results);
  if (!figure) return `${upper(notRun)}.`;
  const { chart, note = "", sources = [], inPage } = figure;
  return {
    html: html`${inPage ?? chartHtml(chart)}${note !== "" && html`<p class="muted">${note}${fromTrials(sources)}</p>`}`,
    markdown: [`![${chart.title}](${folder}/figures/${name}.svg)`, ...(note === "" ? [] : [note])].join(
      "\n\n",
    ),
  };
}

const verdictPiece = ({ verdict, finding, sources }: JudgedClaim): Piece => ({
  html: html`<b class="${verdictTones[verdict] ?? ""}">${upper(verdict)}</b>: ${finding}.${fromTrials(sources)}`,
  markdown: `**${upper(verdict)}**: ${finding}.`,
});

/** A claim and what became of it. */
function claimPiece({ results }: SlotSources, id: string): Piece {
  const claim = judgeClaims(results).find((each) => each.id === id)!;
  const { html: verdict, markdown } = verdictPiece(claim);
  return { html: html`${claim.claim} ${verdict}`, markdown: `${claim.claim} ${markdown}`, inline: true };
}

/** Every claim with its verdict, its figures and its rule. */
function claimsPiece(sources: SlotSources): Piece {
  const each = judgeClaims(sources.results).map((claim) => {
    return html`<h4>${claim.claim}</h4>
<p>${verdictPiece(claim).html}<br><span class="muted">${claim.where}. ${claim.rule}</span></p>
`;
  });
  const table = shownTables.claims(sources.results, "docs");
  return { html: html`${each}`, markdown: `${tableMarkdown(table)}\n${table.caption}` };
}

/** The mean of a model's figure in Table 2's trials, and of how many. */
function meanPiece({ results }: SlotSources, model: string, name: string): Piece | string {
  const of = measures[name as MeasureName];
  const group = modelGroup(results, model as PaperModel);
  const spread = measure(group, of);
  if (!spread) return notRun;
  const words = meanInWords(of, spread);
  const behind = standing(group);
  return {
    html: html`<b>${words}</b> (${behind})${fromTrials(trialsOf(spread))}`,
    markdown: `**${words}** (${behind})`,
    inline: true,
  };
}

function printedPiece({ results }: SlotSources): Piece | string {
  const groups = printedGroups(results);
  if (groups.length === 0) return `${upper(notRun)}.`;
  const items = groups.map(({ title, kept }) => ({
    title,
    words: `${kept.length > 0 ? kept.map(outcomeWords).join("; ") : notRun}.`,
    sources: kept.map(({ id }) => id),
  }));
  return {
    html: html`<ul>${items.map(({ title, words, sources }) => html`<li><b>${title}</b>: ${words}${fromTrials(sources)}</li>`)}</ul>`,
    markdown: items.map(({ title, words }) => `- **${title}**: ${words}`).join("\n"),
  };
}

function protocolWords({ results }: SlotSources): string {
  const { why, settings } = results.protocol;
  const { optimizer, schedule, labelSmoothing, augmentation } = settings;
  return [
    `- **Optimizer**: ${optionWords(optimizer)}`,
    `- **Schedule**: ${optionWords(schedule)}: ${scheduleDefinitions[schedule.name].equation}`,
    `- **Label smoothing**: ${labelSmoothing}`,
    `- **Augmentation**: ${augmentationWords(augmentation)}`,
    "- **Weights judged**: those of the epoch best by validation accuracy: the test images choose nothing",
    `- **Why so**: ${why}`,
  ].join("\n");
}

const unique = (words: readonly string[]): string[] => [...new Set(words)].sort();

/** What the trials ran on and how long they took, all together. */
function machineWords({ results: { records } }: SlotSources): string {
  if (records.length === 0) return `${upper(notRun)}.`;
  const places = records.flatMap(({ environment }) => [environment, ...(environment.resumed ?? [])]);
  const days = unique(places.map(({ startedAt }) => startedAt.slice(0, 10)));
  const epochs = records.reduce((sum, { history }) => sum + history.length, 0);
  const seconds = records.reduce((sum, record) => sum + secondsOf(record), 0);
  const processors = unique(
    places.map(({ processor = "a processor", threads }) => `${processor} with ${plural(threads, "thread")}`),
  );
  const nodes = unique(places.map(({ node = "" }) => node));
  const when = days.length === 1 ? days[0] : `${days[0]} to ${days[days.length - 1]}`;
  return `${plural(records.length, "trial")} of ${plural(epochs, "epoch")} ran on ${listed(processors)}, Node ${listed(nodes)}, ${when}: ${duration(seconds)} of training, whatever else the machine was doing.`;
}

/** The surest mistakes on true Shirts of the Proposed CNN's networks together. */
function mistakesPiece({ results, pictures, folder }: SlotSources): Piece {
  const markdown = `The surest mistakes stand as pictures in [the page](${folder}/index.html).`;
  const networks = predictedNetworks(results);
  const shirt = networks[0]?.evaluation.classes.findIndex(({ name }) => name === "Shirt") ?? -1;
  if (shirt === -1) return { html: html``, markdown };
  if (typeof pictures === "string") return { html: html`<p>${pictures}</p>`, markdown };
  const run = together(networks);
  const found = mistakes(run, pictures.imageShape, "shirt-pictures", shirt);
  const pixels = new Map(found.shown.map(({ image }) => [image, pictures.pixelsOf(image)]));
  const explanation = `By the probabilities of ${plural(networks.length, "network")}, one a seed, averaged. Under each picture: what it is, what it is taken for, and how sure they are of that together.`;
  return { html: pictureFigureHtml(run, { ...found, explanation }, { ...pictures, pixels }), markdown };
}

const slots: Readonly<
  Record<string, (sources: SlotSources, first: string, second: string) => string | Piece>
> = {
  table: tablePiece,
  figure: figurePiece,
  mean: meanPiece,
  claim: claimPiece,
  claims: claimsPiece,
  paper: (_, model, figure) => decimal(paperTable2[model as PaperModel][figure as "accuracy" | "loss"], 2),
  verdicts: ({ results }) => verdictCounts(results),
  printed: printedPiece,
  protocol: protocolWords,
  machines: machineWords,
  models: () =>
    paperModels
      .map((model) => `- **${modelDefinitions[model].title}**: ${modelDefinitions[model].why}`)
      .join("\n"),
  "epoch-times-command": () => epochTimesCommand,
  "epoch-times": ({ results }) => epochTimesNote(results.epochTimes),
  mistakes: mistakesPiece,
};

/**
 * Fills the article's slots from the trials that are there; one whose trials are missing says so.
 *
 * @param more slots of whoever writes the article
 */
export const slotsOf =
  (sources: SlotSources, more: Readonly<Record<string, () => string>> = {}): FillSlot =>
  (name, [first, second]) => {
    if (Object.hasOwn(more, name)) return more[name]();
    if (!Object.hasOwn(slots, name))
      throw new RangeError(`The article asks for {{${name}}}, which nothing fills.`);
    return slots[name](sources, first, second);
  };
