import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { counted, duration, figure, listed, percent } from "./words.js";

describe("words of a report", () => {
  it("write shares, counts and figures", () => {
    assert.equal(percent(0.93125), "93.13 %");
    assert.equal(percent(1, 0), "100 %");
    assert.equal(counted(1234567), "1,234,567");
    assert.deepEqual(
      [figure(0.5), figure(0.5, 1), figure(null), figure(Number.NaN)],
      ["0.5000", "0.5", "–", "–"],
    );
  });

  it("list words", () => {
    assert.deepEqual(
      [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])],
      ["", "a", "a and b", "a, b and c"],
    );
  });

  it("write times, never 60 of a smaller unit", () => {
    assert.equal(duration(3.24), "3.2 s");
    assert.equal(duration(59.97), "1 min 00 s");
    assert.equal(duration(65), "1 min 05 s");
    assert.equal(duration(3599.6), "1 h 00 min");
    assert.equal(duration(7260), "2 h 01 min");
  });
});
