import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chanceCeiling, divergenceMessage, isTelling } from "./advice.js";

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

describe("an accuracy at chance", () => {
  const telling = (...counts: readonly number[]): boolean => {
    const labels = Uint8Array.from(counts.flatMap((count, label) => Array<number>(count).fill(label)));
    return isTelling(
      chanceCeiling(
        labels,
        Uint32Array.from(labels, (_, index) => index),
      ),
    );
  };

  it("is told of labels enough, and of such alone as leave room above it", () => {
    assert.equal(telling(100, 100), false, "too few");
    assert.equal(telling(600, 600), true);
    assert.equal(telling(180, 20), true);
    assert.equal(telling(192, 8), false, "all of them right might be luck");
    assert.equal(telling(200), false);
  });
});
