import { readFileSync } from "node:fs";
import { plural } from "../../core/words.js";
import { html } from "../../report/html.js";
import { type PageAssets, renderPage } from "../../report/page.js";
import type { ReproductionResults } from "../results/results.js";
import { filledMarkdown, markdownHtml } from "./markdown.js";
import { noticeOf } from "./notice.js";
import { type Pictures, slotsOf } from "./slots.js";

interface Section {
  readonly title: string;
  readonly text: string;
  /** Where it is shown alone. */
  readonly only: string | undefined;
}

interface Article {
  readonly title: string;
  readonly subtitle: string;
  readonly lead: string;
  readonly sections: readonly Section[];
}

/** The text that the page and docs/reproducing.md are written from, from where it is installed. */
function readArticle(): Article {
  const text = readFileSync(new URL("../../../src/reproduction/article/article.md", import.meta.url), "utf8");
  const [opening, ...parts] = text.split(/^## /m);
  const [, title, subtitle, lead] = /^# (.*)\n\n> (.*)\n\n([\s\S]*)$/.exec(opening)!;
  const sections = parts.map((part) => {
    const [, heading, only, body] = /^(.*)\n\n(?:<!-- only: (\w+) -->\n\n)?([\s\S]*)$/.exec(part)!;
    return { title: heading, only, text: body.trim() };
  });
  return { title, subtitle, lead: lead.trim(), sections };
}

const shownIn = ({ sections }: Article, place: "docs" | "page"): readonly Section[] =>
  sections.filter(({ only }) => only === undefined || only === place);

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/**
 * The reproduction as an article in one HTML file.
 *
 * @param pictures the test images; words that stand in their place where they aren't at hand
 */
export function articlePage(
  results: ReproductionResults,
  pictures: Pictures | string,
  assets: PageAssets,
): string {
  const article = readArticle();
  const fill = slotsOf({ results, pictures, folder: "." });
  const { title, subtitle, lead } = article;
  return renderPage(
    {
      title,
      subtitle,
      notice: noticeOf(results),
      lead: markdownHtml(lead, fill),
      sections: shownIn(article, "page").map((section) => ({
        id: slug(section.title),
        title: section.title,
        body: markdownHtml(section.text, fill),
      })),
      footer: html`<p>Written by <code>heddle reproduce</code> from ${plural(results.records.length, "kept trial")}; this page holds all it shows and asks nothing from any host. Charts are drawn by Apache ECharts (Apache License 2.0).</p>`,
    },
    assets,
  );
}

/**
 * The same as a Markdown document.
 *
 * @param folder the way from the document to the results folder
 * @param more slots that the document has beside those of the trials
 */
export function articleMarkdown(
  results: ReproductionResults,
  folder: string,
  more: Readonly<Record<string, () => string>>,
): string {
  const article = readArticle();
  const fill = slotsOf({ results, pictures: "", folder }, more);
  const { title, subtitle, lead } = article;
  const sections = shownIn(article, "docs").map((section) => `## ${section.title}\n\n${section.text}`);
  return `${filledMarkdown([`# ${title}`, subtitle, lead, ...sections].join("\n\n"), fill)}\n`;
}
