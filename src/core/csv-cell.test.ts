import assert from "node:assert/strict";
import { it } from "node:test";
import { csvCell, csvNameCell } from "./csv-cell.js";

it("a cell of CSV is quoted where it has to be, and is no formula", () => {
  assert.deepEqual(["a b", 'a,"b"', "a\nb", "-1"].map(csvCell), ["a b", '"a,""b"""', '"a\nb"', "-1"]);
  assert.deepEqual(["a b", "=1+1", "-,x"].map(csvNameCell), ["a b", "'=1+1", '"\'-,x"']);
});
