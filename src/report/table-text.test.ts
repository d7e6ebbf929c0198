import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import type { TableData } from "./table-data.js";
import { tableCsv, tableMarkdown } from "./table-text.js";

const table: TableData = {
  id: "t",
  title: "T",
  columns: [{ title: "Model" }, { title: "ours", group: "Accuracy", numeric: true }],
  rows: [
    ['C|N"N', { text: "93.1 %", value: 0.931, sources: ["a", "b"] }],
    ["two\nlines", "none, yet"],
  ],
  footRows: [["mean", { text: "93.1 %", value: 0.931 }]],
};

describe("tableMarkdown", () => {
  it("sets numbers to the right and keeps a cell's bars and lines inside it", () => {
    assert.equal(
      tableMarkdown(table),
      [
        "| Model | Accuracy ours |",
        "| --- | ---: |",
        '| C\\|N"N | 93.1 % |',
        "| two lines | none, yet |",
        "| mean | 93.1 % |",
        "",
      ].join("\n"),
    );
  });
});

describe("tableCsv", () => {
  it("has values in the place of words, quotes what must be, and names the sources", () => {
    assert.equal(
      tableCsv(table),
      'Model,Accuracy ours,from\n"C|N""N",0.931,a b\n"two\nlines","none, yet",\nmean,0.931,\n',
    );
  });

  it("can be read back by the rules of RFC 4180, whatever a cell holds", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (rows) => {
        const written = tableCsv({ id: "t", title: "T", columns: [{ title: "a" }, { title: "b" }], rows });
        assert.deepEqual(parsed(written), [["a", "b"], ...rows]);
      }),
    );
  });
});

/** RFC 4180, section 2, with line feeds for line ends. */
function parsed(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /("((?:[^"]|"")*)"|[^",\r\n]*)([,\n])/gy;
  for (const [, plain, quoted, end] of text.matchAll(field)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
