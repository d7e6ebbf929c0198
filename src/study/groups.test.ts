import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { groupBy, withFacts } from "./groups.js";

const items = [
  { id: "a", factors: { rate: 0.1, seed: 1 } },
  { id: "b", factors: { rate: 0.2, seed: 1 } },
  { id: "c", factors: { rate: 0.1, seed: 2 } },
];
const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

describe("grouping by facts", () => {
  it("puts together what has the same ones, in the order in which they came", () => {
    assert.deepEqual(
      groupBy(items, ["rate"]).map(({ facts, items: own }) => [facts, ids(own)]),
      [
        [{ rate: 0.1 }, ["a", "c"]],
        [{ rate: 0.2 }, ["b"]],
      ],
    );
    assert.equal(groupBy(items, ["rate", "seed"]).length, 3);
    assert.deepEqual(groupBy([], ["rate" as never]), []);
  });

  it("finds what has all of some facts", () => {
    assert.deepEqual(ids(withFacts(items, { seed: 1, rate: 0.2 })), ["b"]);
    assert.deepEqual(ids(withFacts(items, {})), ["a", "b", "c"]);
  });
});
