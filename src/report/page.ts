import { type Html, html, trustedHtml } from "./html.js";
import { pageStyle } from "./style.js";

export interface PageSection {
  /** Of the element: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export interface Page {
  readonly title: string;
  readonly subtitle?: string;
  /** A banner above everything, e.g. "This is a quick run, not the reproduction." */
  readonly notice?: string;
  readonly lead: Html;
  readonly sections: readonly PageSection[];
  readonly footer?: Html;
}

/** What a page carries within it, as text: Node reads it in src/node/page-assets.ts. */
export interface PageAssets {
  /** `browser/page-script.js` as it is built: a module. */
  readonly pageScript: string;
  /** `echarts/dist/echarts.common.min.js`, which live charts need. */
  readonly echarts: string;
}

/** By this a file is known as a page that may be written anew. */
export const generatorMeta = `<meta name="generator" content="heddle report">`;

/** Nothing but what the file itself holds: no host is ever asked. */
const contentSecurityPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** Writes an article as one HTML file that needs nothing else, and reads well without its scripts. */
export function renderPage(page: Page, assets: PageAssets): string {
  const { title, subtitle, notice, lead, sections, footer } = page;
  const main = html`<main>
<div class="lead">${lead}</div>
${sections.length > 1 && contents(sections)}
${sections.map(
  (section) => html`<section aria-labelledby="${section.id}">
<h2 id="${section.id}">${section.title}</h2>
${section.body}
</section>
`,
)}</main>`;
  const body = html`<div class="page">
${notice !== undefined && html`<p class="notice" role="note">${notice}</p>`}
<header>
<div class="top"><h1>${title}</h1><button type="button" class="ground" hidden>Dark mode</button></div>
${subtitle !== undefined && html`<p class="subtitle">${subtitle}</p>`}
</header>
${main}
${footer && html`<footer>${footer}</footer>`}
</div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${generatorMeta}
${html`<title>${title}</title>`.html}
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
${keepPercents(body.html)}
${scripts(main, assets).html}
</body>
</html>
`;
}

/** No line ends between a number and its percent sign. */
const keepPercents = (text: string): string => text.replace(/(\d) %/g, "$1\u00a0%");

function contents(sections: readonly PageSection[]): Html {
  return html`<nav class="toc" aria-labelledby="contents">
<h2 id="contents">Contents</h2>
<ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol>
</nav>`;
}

/** The page's script, and ECharts where there is a chart to bring to life. */
function scripts(main: Html, { echarts, pageScript }: PageAssets): Html {
  return html`${
    main.html.includes('<figure class="chart"') &&
    html`<script>${inlined(echarts)}</script>
`
  }<script type="module">${inlined(pageScript)}</script>`;
}

function inlined(source: string): Html {
  if (/<\/script|<!--/i.test(source)) throw new Error("A script of the page can't stand inside its element.");
  return trustedHtml(source);
}
