import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type TableData, tableHtml } from "./table.js";

const table: TableData = {
  id: "t",
  title: "A & B",
  caption: "Why",
  columns: [
    { title: "Model" },
    { title: "ours", group: "Accuracy", numeric: true },
    { title: "paper", group: "Accuracy", numeric: true },
    { title: "Note" },
  ],
  rows: [
    [
      "CNN",
      { text: "93.1 %", value: 0.931, sources: ["cnn-1", "cnn-2"], tone: "good" },
      { text: "92 %", value: 0.92, note: "as printed" },
      "",
    ],
    ["LSTM", { text: "88 %", value: 0.88, sources: ["lstm-1"] }, "–", "<none>"],
  ],
  footRows: [["mean", { text: "90.6 %", value: 0.906, sources: ["cnn-1", "cnn-1"] }, "", ""]],
};

describe("tableHtml", () => {
  const { html } = tableHtml(table);

  it("spans a group over its columns, and stands columns without one beside it", () => {
    assert.match(
      html,
      /<th scope="col" rowspan="2" data-column="0">Model<\/th><th scope="colgroup" colspan="2"/,
    );
    assert.match(
      html,
      /<tr><th scope="col" data-column="1" class="number">ours<\/th><th scope="col" data-column="2"/,
    );
    assert.match(html, /<th scope="col" rowspan="2" class="from">from<\/th><\/tr>/);
  });

  it("keeps the value, the sources and the tone of a cell", () => {
    assert.ok(
      html.includes(
        '<td class="number good noted" data-value="0.931" data-sources="cnn-1 cnn-2" title="from cnn-1, cnn-2">93.1 %</td>',
      ),
    );
  });

  it("links each row to its trials, each once", () => {
    const link = (name: string, number: number): string =>
      `<a href="#trial-${name}" title="${name}" aria-label="${name}">${number}</a> `;
    assert.ok(html.includes(`<td class="from">${link("cnn-1", 1)}${link("cnn-2", 2)}</td>`));
    assert.ok(html.includes(`<td class="from">${link("lstm-1", 1)}</td>`));
    assert.match(html, /<tfoot>.*<td class="from"><a [^>]*>1<\/a> <\/td>/s);
  });

  it("reads a note out, and shows it on hover", () => {
    assert.match(html, / title="as printed">92 %<span class="unseen"> \(as printed\)<\/span><\/td>/);
  });

  it("names its rows, its box and itself", () => {
    assert.match(html, /<th scope="row">CNN<\/th>/);
    assert.match(html, /role="region" aria-labelledby="t-caption" tabindex="0"/);
    assert.match(html, /<figcaption id="t-caption"><strong>A &amp; B<\/strong> <span>Why<\/span>/);
    assert.ok(html.includes("&lt;none&gt;"));
  });

  it("can be linked to, row by row", () => {
    const rows = [[{ text: "CNN", anchor: "trial-cnn-1" }]];
    const { html } = tableHtml({ id: "p", title: "P", columns: [{ title: "x" }], rows });
    assert.match(html, /<th scope="row" id="trial-cnn-1">CNN<\/th>/);
  });

  it("has one heading row and no column of sources where there are none, and is sorted only where it may be", () => {
    const plain = tableHtml({
      id: "p",
      title: "P",
      columns: [{ title: "x" }],
      rows: [["1"]],
      fixed: true,
    }).html;
    assert.match(plain, /<thead><tr><th scope="col" data-column="0">x<\/th><\/tr><\/thead>/);
    assert.ok(!plain.includes("sortable"));
    assert.ok(html.includes('class="sortable"'));
  });
});
