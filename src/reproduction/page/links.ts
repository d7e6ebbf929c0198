import { type Html, html } from "../../report/html.js";
import type { Statement } from "../claims/claim.js";

/** Links to the trials that a statement is from. */
export function fromTrials(sources: readonly string[]): Html {
  if (sources.length === 0) return html``;
  const links = sources.map(
    (id, index) => html` <a href="#trial-${id}" title="${id}" aria-label="${id}">${index + 1}</a>`,
  );
  return html`<span class="from muted">from${links}</span>`;
}

export const statementHtml = ({ text, sources }: Statement): Html => html`${text} ${fromTrials(sources)}`;

/** Text in which what stands between backticks is code, as in Markdown. */
export const withCode = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
