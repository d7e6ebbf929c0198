import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { divergenceMessage } from "./advice.js";

describe("what to try where training goes wrong", () => {
  const remedy = (learningRate: number) => divergenceMessage(1, 2, learningRate).split(". ").at(-1);

  it("is a tenth of the learning rate, down to what is safe", () => {
    assert.match(remedy(0.1) ?? "", /^Try a smaller one, such as 0\.01, or/);
    assert.match(remedy(0.002) ?? "", /^Try a smaller one, such as 0\.001, or/);
  });

  it("is no learning rate that is as good as the one that went wrong", () => {
    assert.match(remedy(0.00109) ?? "", /^Try another learning rate,/);
  });
});
