/** A piece of HTML that is safe to put into a page: its text is escaped already. */
export interface Html {
  readonly html: string;
}

/** What a template takes: text is escaped, pieces of HTML pass, lists are joined, and nothing gives nothing. */
export type HtmlValue = Html | string | number | undefined | null | false | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands in an element or between the quotes of an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Vouches for HTML that the kit made itself, such as a drawn chart. Never for text from outside. */
export function trustedHtml(text: string): Html {
  return { html: text };
}

function rendered(value: HtmlValue): string {
  if (value === undefined || value === null || value === false) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  return isList(value) ? value.map(rendered).join("") : value.html;
}

// Array.isArray doesn't tell a readonly array from the rest of a union.
const isList = (value: Html | readonly HtmlValue[]): value is readonly HtmlValue[] => Array.isArray(value);

/**
 * A template of HTML: `` html`<p title="${title}">${text}</p>` ``. Values in attributes stand between double
 * quotes.
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const pieces = strings.map((text, index) => (index === 0 ? text : rendered(values[index - 1]) + text));
  return { html: pieces.join("") };
}

/** Data inside a `<script>` element, where no `<` may stand. */
export function jsonForScript(value: unknown): Html {
  return { html: JSON.stringify(value).replaceAll("<", "\\u003c") };
}
