import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { figures } from "../figures/index.js";
import { syntheticResults } from "../testing/synthetic.js";
import { articleMarkdown, articlePage } from "./article.js";
import { slotsOf } from "./slots.js";

const whole = syntheticResults({ epochs: 12, images: 200 });
const nothing = { ...whole, planned: [], records: [], predictions: new Map() };
const assets = { pageScript: "", echarts: "" };

const documentOf = (results: typeof whole): string =>
  articleMarkdown(results, "../folder", { cost: () => "the cost", search: () => "the search" });

describe("the article", () => {
  const page = articlePage(whole, "no pictures", assets);
  const text = documentOf(whole);

  it("has no slot left open, with trials and without", () => {
    for (const written of [page, text, articlePage(nothing, "", assets), documentOf(nothing)])
      assert.doesNotMatch(written, /\{\{|undefined|NaN/);
  });

  it("has parts that stand in the document or in the page alone", () => {
    assert.match(text, /^## Run it\n/m);
    assert.match(text, /^the cost$/m);
    assert.doesNotMatch(page, /Run it|the cost/);
    assert.match(page, /Appendix: trials/);
    assert.doesNotMatch(text, /Appendix: trials|<!-- only/);
  });

  it("leads from the document to the pictures beside the trials", () => {
    for (const name of Object.keys(figures))
      assert.ok(text.includes(`(../folder/figures/${name}.svg)`), name);
  });

  it("says of every claim what became of it, and whose trials say so", () => {
    assert.match(page, /<b class="(?:good|bad|)">[^<]+<\/b>: [^<]* points[^<]*\. ?<span class="from muted">/);
    assert.match(text, /^Shirt is told worst\. \*\*(?:Holds|Doesn't hold)\*\*: the lowest F1: /m);
  });

  it("says that it isn't run yet where trials are missing", () => {
    assert.match(
      documentOf(nothing),
      /^Dropout, .*\. \*\*Not run yet\*\*: needs Proposed CNN and the Proposed CNN without dropout\.$/m,
    );
    assert.match(documentOf(nothing), /^### Start rates tried\n\nNot run yet\.$/m);
  });

  it("can't ask for what nothing fills", () => {
    const fill = slotsOf({ results: whole, pictures: "", folder: "" });
    assert.throws(() => fill("weather", []), /asks for \{\{weather\}\}, which nothing fills/);
  });
});
