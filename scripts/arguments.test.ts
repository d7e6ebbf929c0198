import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chosen, wholeNumber } from "./arguments.js";

describe("what programs are told", () => {
  it("is a whole number, or is refused by its name", () => {
    assert.equal(wholeNumber("12", "--rounds"), 12);
    assert.equal(wholeNumber("0", "seeds", 0), 0);
    for (const text of ["x", "", "1.5", "-1", "0", "1e3", "99999999999999999999"])
      assert.throws(() => wholeNumber(text, "--rounds"), {
        message: `--rounds takes a whole number from 1 on; received "${text}".`,
      });
  });

  it("names what there is, in its order, or is refused", () => {
    assert.deepEqual(chosen(["c", "a"], ["a", "b", "c"]), ["a", "c"]);
    assert.deepEqual(chosen([], ["a", "b"]), ["a", "b"]);
    assert.throws(() => chosen(["a", "x", "y"], ["a", "b"]), {
      message: "There is no x, no y; there are a, b.",
    });
  });
});
