import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "../../report/html.js";
import { type FillSlot, filledMarkdown, markdownHtml } from "./markdown.js";

const fill: FillSlot = (name, args) =>
  name === "piece" ? { html: html`<i>drawn</i>`, markdown: "_drawn_" } : [name, ...args].join("+");

const rendered = (text: string): string => markdownHtml(text, fill).html.trim();

describe("the article's Markdown", () => {
  it("has headings, paragraphs, lists and tables", () => {
    assert.equal(
      rendered("### A `b`\n\nWords\nand **more**."),
      "<h3>A <code>b</code></h3>\n<p>Words\nand <b>more</b>.</p>",
    );
    assert.equal(rendered("- one\n- two"), "<ul><li>one</li><li>two</li></ul>");
    const table = rendered("| a | b |\n| --- | --- |\n| 1 | **2** |");
    assert.match(table, /<thead><tr><th scope="col">a<\/th><th scope="col">b<\/th><\/tr><\/thead>/);
    assert.match(rendered("| a | b |\n| --- | --- |\n| 1 | |"), /<tr><td>1<\/td><td><\/td><\/tr>/);
    assert.match(table, /<tr><td>1<\/td><td><b>2<\/b><\/td><\/tr>/);
  });

  it("escapes what stands in it, and in what fills it", () => {
    assert.equal(rendered("a < b & `<c>`"), "<p>a &lt; b &amp; <code>&lt;c&gt;</code></p>");
    assert.equal(markdownHtml("{{x}}", () => "<script>").html.trim(), "<p>&lt;script&gt;</p>");
  });

  it("links to other hosts and within the page, and leaves the words of links to files", () => {
    assert.equal(
      rendered("[x](https://x.org) [y](#y) [`z`](../z.ts) [w](javascript:alert)"),
      '<p><a href="https://x.org">x</a> <a href="#y">y</a> <code>z</code> w</p>',
    );
  });

  it("has slots within a line and alone", () => {
    assert.equal(rendered("so {{mean a b}}, {{piece}}"), "<p>so mean+a+b, <i>drawn</i></p>");
    assert.equal(rendered("{{piece}}"), "<i>drawn</i>");
    assert.equal(rendered("{{words}}"), "<p>words</p>");
    const words = { html: html`<b>so</b>`, markdown: "**so**", inline: true };
    assert.equal(markdownHtml("{{x}}", () => words).html.trim(), "<p><b>so</b></p>");
    assert.equal(filledMarkdown("so {{ mean a }}, {{piece}}", fill), "so mean+a, _drawn_");
  });
});
