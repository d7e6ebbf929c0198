import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { commonDeviation, differenceOf, differenceWords, type Spread, spreadOf, trialsOf } from "./spread.js";

const spread = (...values: readonly number[]): Spread =>
  spreadOf(values.map((value, index) => ({ trial: `t${index + 1}`, seed: index + 1, value })))!;

const points = (value: number): string => `${value.toFixed(2)} points`;

describe("a spread over seeds", () => {
  it("has the mean and the standard deviation with n − 1", () => {
    const { mean, deviation } = spread(2, 4, 9);
    assert.equal(mean, 5);
    assert.equal(deviation, Math.sqrt((9 + 1 + 16) / 2));
  });

  it("has no deviation of one trial, and is null of none", () => {
    assert.deepEqual([spread(7).mean, spread(7).deviation], [7, null]);
    assert.equal(spreadOf([]), null);
  });

  it("has a deviation that a shift leaves alone", () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(values, fc.integer({ min: -1000, max: 1000 }), (list, shift) => {
        const moved = spread(...list.map((value) => value + shift));
        assert.ok(Math.abs(moved.deviation! - spread(...list).deviation!) < 1e-9);
      }),
    );
  });

  it("names the trials behind several, each once", () => {
    assert.deepEqual(trialsOf(spread(1, 2), null, spread(3, 4, 5)), ["t1", "t2", "t3"]);
  });
});

describe("a difference of means", () => {
  it("is held against the root of the mean variance, or the only known deviation", () => {
    assert.equal(commonDeviation(spread(0, 2), spread(0, 4)), Math.sqrt((2 + 8) / 2));
    assert.equal(commonDeviation(spread(3), spread(0, 2)), Math.SQRT2);
    assert.equal(commonDeviation(spread(3), spread(4)), null);
  });

  it("is level up to one deviation, small up to two, clear beyond", () => {
    // Both have a deviation of exactly 2.
    const at = (mean: number) => spread(mean - 2, mean, mean + 2);
    const sizes = [0, 2, 2.01, 4, 4.01].map((mean) => differenceOf(at(mean), at(0)).size);
    assert.deepEqual(sizes, ["level", "level", "small", "small", "clear"]);
    assert.equal(differenceOf(at(-2.01), at(0)).size, "small");
  });

  it("is not judged without a second seed", () => {
    assert.equal(differenceOf(spread(3), spread(2)).size, "unjudged");
    assert.equal(differenceOf(spread(3), spread(3)).size, "unjudged");
  });

  it("is clear where the figures don't move from seed to seed", () => {
    assert.equal(differenceOf(spread(3, 3), spread(2, 2)).size, "clear");
    assert.equal(differenceOf(spread(3, 3), spread(3, 3)).size, "level");
  });

  it("takes no spread for less than the least", () => {
    assert.equal(differenceOf(spread(5, 5), spread(4.5, 4.5), 0.5).size, "level");
    assert.equal(differenceOf(spread(5, 5), spread(4, 4), 0.5).size, "small");
    assert.equal(differenceOf(spread(5, 5), spread(3.9, 3.9), 0.5).size, "clear");
    assert.equal(differenceOf(spread(5), spread(4), 0.5).size, "unjudged");
  });

  it("says in words no more than it is", () => {
    const at = (mean: number) => spread(mean - 2, mean, mean + 2);
    const words = (one: Spread, other: Spread) => differenceWords(differenceOf(one, other), "Y", points);
    assert.equal(words(at(0), at(0)), "level with Y");
    assert.equal(words(at(1), at(0)), "within one standard deviation of Y (1.00 points)");
    assert.equal(words(at(0), at(3)), "slightly below Y (-3.00 points, 1.5 standard deviations)");
    assert.equal(words(at(5), at(0)), "clearly above Y (5.00 points, 2.5 standard deviations)");
    assert.equal(words(spread(3, 3), spread(2, 2)), "clearly above Y (1.00 points)");
    assert.match(words(spread(3), spread(2)), /^above Y \(1\.00 points; single seeds/);
    assert.match(words(spread(3), spread(3)), /^level with Y \(single seeds/);
  });
});
