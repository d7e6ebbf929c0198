import assert from "node:assert/strict";
import { it } from "node:test";
import { frequentMistakes } from "./frequent-mistakes.js";

it("frequent mistakes are what lies off the diagonal, the most frequent first", () => {
  const confusion = [
    [90, 3, 0],
    [7, 80, 1],
    [0, 3, 5],
  ];
  const told = (most: number) =>
    frequentMistakes(confusion, most).map(({ label, predicted, count }) => [label, predicted, count]);
  assert.deepEqual(told(9), [
    [1, 0, 7],
    [0, 1, 3],
    [2, 1, 3],
    [1, 2, 1],
  ]);
  assert.deepEqual(told(1), [[1, 0, 7]]);
});
