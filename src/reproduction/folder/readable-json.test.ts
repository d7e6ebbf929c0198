import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readableJson } from "./readable-json.js";

describe("readable JSON", () => {
  it("says the same as plain JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        assert.deepEqual(JSON.parse(readableJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("keeps a row of a table on a line", () => {
    const row = Array.from({ length: 50 }, (_, index) => index);
    const text = readableJson({ id: "a", left: undefined, empty: [], rows: [row, row] });
    assert.equal(
      text,
      `{\n  "id": "a",\n  "empty": [],\n  "rows": [\n    ${JSON.stringify(row)},\n    ${JSON.stringify(row)}\n  ]\n}\n`,
    );
  });
});
