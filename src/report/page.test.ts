import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pageAssets } from "../node/page-assets.js";
import { chartHtml } from "./chart.js";
import { html } from "./html.js";
import { lineChart } from "./line-chart.js";
import { generatorMeta, type Page, renderPage } from "./page.js";

const chart = lineChart({
  id: "c",
  title: "C",
  description: "D",
  xLabel: "x",
  yLabel: "y",
  series: [{ name: "a", points: [[0, 1]] }],
});

const page: Page = {
  title: "Loss < 1",
  lead: html`<p>lead</p>`,
  sections: [
    { id: "one", title: "One & only", body: html`<p>body</p>` },
    { id: "two", title: "Two", body: chartHtml(chart) },
  ],
};

describe("renderPage", () => {
  const text = renderPage(page, pageAssets());
  const head = text.slice(0, text.indexOf("</head>"));

  it("lets the browser fetch nothing, and nothing in it asks for anything", () => {
    assert.match(
      head,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">/,
    );
    const markup = text.replace(/<script.*?<\/script>/gs, "");
    assert.doesNotMatch(markup, /(?:src|href)="(?!data:|#)|@import|url\((?!#)/);
  });

  it("says what it is to browsers, and by what it was written", () => {
    assert.match(head, /<meta charset="utf-8">/);
    assert.match(head, /<meta name="viewport" content="width=device-width, initial-scale=1">/);
    assert.match(head, /<title>Loss &lt; 1<\/title>/);
    assert.ok(head.includes(generatorMeta));
  });

  it("lists its sections", () => {
    assert.match(text, /<li><a href="#one">One &amp; only<\/a><\/li><li><a href="#two">Two<\/a><\/li>/);
    assert.match(text, /<section aria-labelledby="one">\n<h2 id="one">One &amp; only<\/h2>\n<p>body<\/p>/);
    const short = renderPage({ ...page, sections: page.sections.slice(0, 1) }, pageAssets());
    assert.ok(!short.includes('class="toc"'));
  });

  it("shows notice, subtitle and footer where there are any", () => {
    const full = renderPage(
      { ...page, notice: "A <quick> run", subtitle: "Sub", footer: html`<p>end</p>` },
      pageAssets(),
    );
    assert.match(full, /<p class="notice" role="note">A &lt;quick&gt; run<\/p>/);
    assert.match(full, /<p class="subtitle">Sub<\/p>/);
    assert.match(full, /<footer><p>end<\/p><\/footer>/);
    assert.doesNotMatch(text, /<footer|class="notice"|class="subtitle"/);
  });

  it("brings ECharts along only where there is a chart, with its licence", () => {
    assert.match(text, /<script>[^<]{0,200}Licensed to the Apache Software Foundation/);
    const plain = renderPage({ ...page, sections: page.sections.slice(0, 1) }, pageAssets());
    assert.ok(plain.length < 50_000, `${plain.length} characters`);
    assert.ok(text.length > 700_000);
  });
});
