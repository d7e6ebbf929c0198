import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { yaml } from "./yaml.js";

describe("front matter", () => {
  it("is a block of mappings and lists", () => {
    const value = {
      library_name: "heddle",
      license: undefined,
      tags: ["a", "b: c"],
      "model-index": [{ name: "x", results: [{ metrics: [{ value: 0.5 }, { value: 1e-7 }], ok: true }] }],
      none: [],
    };
    assert.equal(
      yaml(value),
      `library_name: "heddle"
tags:
  - "a"
  - "b: c"
model-index:
  - name: "x"
    results:
      - metrics:
          - value: 0.5
          - value: 1.0e-7
        ok: true
none: []
`,
    );
  });

  it("holds any text in one line, which is JSON too", () => {
    const awkward = [..."a\"'\\ :-#{&*!|>%@`\n\r\t\0\u007f\u0085\u2028\u2029\ufeff\ufffe\ud800é😀"];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...awkward) }), (text) => {
        const [line, end, ...others] = yaml({ text }).split(/[\n\r\u0085\u2028\u2029]/u);
        assert.deepEqual([end, others], ["", []]);
        assert.equal(JSON.parse(line.slice("text: ".length)), text);
      }),
    );
  });
});
