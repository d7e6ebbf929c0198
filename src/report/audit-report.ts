import { type Audit, knowLittle } from "../core/audit/audit.js";
import { type DuplicateGroup, isLeak } from "../core/audit/duplicate-groups.js";
import type { Oddity, OddOne } from "../core/audit/odd-ones.js";
import { fashionMnist } from "../core/data/fashion-mnist.js";
import { countLabels } from "../core/data/labels.js";
import { modelDefinitions } from "../core/models/index.js";
import { counted, percent, plural } from "../core/words.js";
import {
  type AuditedPictures,
  type AuditFiles,
  duplicatePictures,
  oddityWords,
  oddPictures,
  suspectPictures,
} from "./blocks/audit-pictures.js";
import { type Html, html } from "./html.js";
import { type PageAssets, type PageSection, renderPage } from "./page.js";
import { tableHtml } from "./table.js";
import type { TableCell } from "./table-data.js";

export interface AuditReport {
  readonly audit: Audit;
  /** Files of the pictures, where they are known. */
  readonly files?: AuditFiles;
  /** On whose features heads learned, where they did. */
  readonly body?: string;
  /** Pictures of a section at most (default 60). */
  readonly most?: number;
  /** The version of heddle that writes the page. */
  readonly version: string;
  readonly assets: PageAssets;
}

/** What an audit found, with the pictures, as one HTML file. */
export function auditReport({ audit, files = {}, body, most = 60, version, assets }: AuditReport): string {
  const pictures = { audit, files };
  const name = audit.name === fashionMnist ? "Fashion-MNIST" : audit.name;
  const conflicting = audit.duplicates.filter((group) => group.conflicting);
  const leaks = audit.duplicates.filter((group) => isLeak(group) && !group.conflicting);
  const others = audit.duplicates.filter((group) => !isLeak(group) && !group.conflicting);
  const sections = [
    labelSection(pictures, most),
    duplicateSection(pictures, conflicting, most, {
      id: "conflicts",
      title: "One picture, several labels",
      words: "One of the labels at least is wrong, or the picture shows several things.",
    }),
    duplicateSection(pictures, leaks, most, {
      id: "leaks",
      title: "The same picture in several parts",
      words:
        "What a model has learned from says little about pictures that it has not seen: keep one of each, in the part where it is needed.",
    }),
    duplicateSection(pictures, others, most, {
      id: "duplicates",
      title: "Duplicates within a part",
      words:
        "They count for more than others in training, and are kept on one side where images are held out.",
    }),
    oddSection(pictures, most),
    methodSection(audit, body),
  ];
  return renderPage(
    {
      title: `What is wrong in ${name}`,
      subtitle: `${plural(audit.pool.count, "image")} of ${plural(audit.pool.classNames.length, "class", "classes")} looked over`,
      lead: leadOf(audit),
      sections: sections.filter((section) => section !== undefined),
      footer: html`<p>Written by heddle ${version}. This page holds all it shows and asks nothing from any host.</p>`,
    },
    assets,
  );
}

function leadOf(audit: Audit): Html {
  const { labelErrors, duplicates, oddOnes, accuracy, pool } = audit;
  const knowsLittle = labelErrors.errors.length > 0 && knowLittle(audit);
  const leaks = duplicates.filter(isLeak).length;
  const conflicts = duplicates.filter(({ conflicting }) => conflicting).length;
  return html`<p><b>${plural(labelErrors.errors.length, "label")}</b> of ${counted(pool.count)} ${labelErrors.errors.length === 1 ? "is" : "are"} likely wrong. <b>${plural(duplicates.length, "picture")}</b> ${duplicates.length === 1 ? "is" : "are"} there more than once: ${counted(conflicts)} with different labels, ${counted(leaks)} in several parts. <b>${plural(oddOnes.length, "image")}</b> hardly ${oddOnes.length === 1 ? "belongs" : "belong"} to the data.</p>
<p class="muted">Models that learned from the other images named ${percent(accuracy)} as they are labelled: the better they are, the more can be made of their doubts. ${knowsLittle && html`<b>These learned too little: most of the labels below may be right.</b> `}Nothing was changed.</p>`;
}

function labelSection(pictures: AuditedPictures, most: number): PageSection {
  const { errors } = pictures.audit.labelErrors;
  const shown = errors.slice(0, most);
  const body =
    errors.length === 0
      ? html`<p>No label is likely wrong.</p>`
      : html`<p>Under each picture its label and what fits better, each with the probability that models gave it which had not learned from this picture or a duplicate of it. ${shown.length < errors.length && `Shown are the ${shown.length} likeliest of ${counted(errors.length)}.`}</p>
${suspectPictures(pictures, shown)}
${classTable(pictures.audit)}`;
  return { id: "labels", title: "Labels that are likely wrong", body };
}

function classTable({ labelErrors, pool }: Audit): Html {
  const counts = countLabels(pool.labels, pool.classNames.length);
  const number = (value: number): TableCell => ({ text: counted(value), value });
  const rows = pool.classNames.map((name, label) => {
    const own = labelErrors.errors.filter((error) => error.label === label);
    const suggested = countLabels(
      Uint32Array.from(own, ({ suggestion }) => suggestion),
      pool.classNames.length,
    );
    const usual = suggested.indexOf(Math.max(...suggested));
    return [
      name,
      number(counts[label]),
      number(own.length),
      own.length === 0 ? "–" : `${pool.classNames[usual]} (${counted(suggested[usual])})`,
    ];
  });
  return tableHtml({
    id: "label-classes",
    title: "Likely wrong labels of each class",
    columns: [
      { title: "Label" },
      { title: "Images", numeric: true },
      { title: "Likely wrong", numeric: true },
      { title: "Rather, most often" },
    ],
    rows,
  });
}

function duplicateSection(
  pictures: AuditedPictures,
  groups: readonly DuplicateGroup[],
  most: number,
  { id, title, words }: { readonly id: string; readonly title: string; readonly words: string },
): PageSection | undefined {
  if (groups.length === 0) return undefined;
  const shown = groups
    .toSorted((a, b) => a.distance - b.distance || a.images[0] - b.images[0])
    .slice(0, most);
  return {
    id,
    title,
    body: html`<p>${plural(groups.length, "picture")}, the nearest images first. ${words} ${shown.length < groups.length && `The first ${shown.length} are shown.`}</p>
${duplicatePictures(pictures, shown)}`,
  };
}

function oddSection(pictures: AuditedPictures, most: number): PageSection | undefined {
  const { oddOnes } = pictures.audit;
  if (oddOnes.length === 0) return undefined;
  const kinds = Object.keys(oddityWords) as Oddity[];
  const part = (kind: Oddity): Html | undefined => {
    const own: OddOne[] = oddOnes.filter((odd) => odd.kind === kind);
    const shown = own.slice(0, most);
    if (own.length === 0) return undefined;
    return html`<h3>${oddityWords[kind]}: ${counted(own.length)}</h3>
${shown.length < own.length && html`<p>The first ${shown.length} are shown.</p>`}
${oddPictures(pictures, shown)}`;
  };
  return {
    id: "odd",
    title: "Odd ones out",
    body: html`<p>Odd is not wrong: look at them.</p>
${kinds.map(part)}`,
  };
}

function methodSection({ settings }: Audit, body = "a body"): PageSection {
  const { folds, seed } = settings;
  return {
    id: "method",
    title: "How this was found",
    body: html`<p>All parts were taken together and shared out over ${folds} folds, each class evenly and duplicates in one fold; each fold's probabilities come from ${learnerWords(settings, body)}, trained on the others (seed ${seed}). Wrong labels were counted and ranked by confident learning (<a href="https://arxiv.org/abs/1911.00068">Northcutt, Jiang and Chuang 2021</a>). Duplicates look alike from afar and have the gradients of one picture; a mirror image or another brightness doesn't hide them. Images like no other are outliers by sampling (Sugiyama and Borgwardt 2013).</p>`,
  };
}

function learnerWords({ model, epochs, head }: Audit["settings"], body: string): string {
  if (head) return `a dense layer on the features of ${body}`;
  if (model) return `a new ${modelDefinitions[model].title}, for ${plural(epochs ?? 0, "epoch")}`;
  return "a model of their own";
}
