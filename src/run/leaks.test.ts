import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tinyData, tinyImages } from "../core/training/testing/tiny-model.js";
import { judgementOf } from "./judge.js";
import { leaksOf, withoutLeaks } from "./leaks.js";

describe("test images that training has too", () => {
  const labels = Uint8Array.of(0, 1, 1, 0);
  const probabilities = Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.2, 0.8, 0.6, 0.4);

  it("are left out of an accuracy of its own", () => {
    assert.deepEqual(withoutLeaks(probabilities, labels, 2, [0, 2]), { images: 2, accuracy: 0.5 });
    const names = ["a", "b"];
    const judged = judgementOf(probabilities, labels, names, { leaks: [1] });
    assert.deepEqual([judged.accuracy, judged.withoutLeaks], [0.75, { images: 3, accuracy: 1 }]);
    assert.equal("withoutLeaks" in judgementOf(probabilities, labels, names, {}), false);
  });

  it("are known of the whole of Fashion-MNIST alone", () => {
    const whole = { ...tinyData, test: { ...tinyImages(1, 1), count: 10_000 } };
    const named = { data: "fashion-mnist", ownData: false };
    assert.equal(leaksOf(named, whole)?.length, 58);
    assert.equal(leaksOf(named, tinyData), undefined);
    assert.equal(leaksOf({ ...named, ownData: true }, whole), undefined);
    assert.equal(leaksOf({ ...named, data: "photos" }, whole), undefined);
  });
});
