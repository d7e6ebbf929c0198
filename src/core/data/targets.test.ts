import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkTargets, greatestOfRows, oneHotRows, pickRows } from "./targets.js";

const check = (targets: unknown, loss?: "crossEntropy" | "binaryCrossEntropy") =>
  checkTargets("fit: train", targets, { classes: 3, loss });

describe("targets", () => {
  it("are copied, and of a cross-entropy made to add up to 1", () => {
    const rounded = Float32Array.of(0.333, 0.333, 0.333, 0, 1, 0);
    const third = Math.fround(1 / 3);
    assert.deepEqual([...check(rounded, "crossEntropy")], [third, third, third, 0, 1, 0]);
    const several = Float32Array.of(1, 0, 1, 0, 0, 0);
    const copy = check(several, "binaryCrossEntropy");
    assert.deepEqual(copy, several);
    assert.notEqual(copy.buffer, several.buffer);
    assert.deepEqual(check(several), several, "where the loss is not known yet");
  });

  const wrong: readonly [unknown, "crossEntropy" | "binaryCrossEntropy", string, RegExp][] = [
    [[1, 0, 0], "crossEntropy", "UsageError", /^fit: train: targets must be a Float32Array, .*Make one with/],
    [new Uint8Array(3), "binaryCrossEntropy", "UsageError", /targets must be a Float32Array, but is/],
    [
      new Float32Array(4),
      "binaryCrossEntropy",
      "HeddleError",
      /has 4 targets, which are no whole rows; give 3 an image/,
    ],
    [
      Float32Array.of(1, 0, 0, 0, Number.NaN, 1),
      "crossEntropy",
      "HeddleError",
      /target NaN \(of image 1, class 1\) is out of range: expected a number from 0 to 1/,
    ],
    [Float32Array.of(1.5, -0.5, 0), "crossEntropy", "HeddleError", /target 1\.5 \(of image 0, class 0\)/],
    [
      Float32Array.of(0, -0.5, 0),
      "binaryCrossEntropy",
      "HeddleError",
      /target -0\.5 \(of image 0, class 1\)/,
    ],
    [
      Float32Array.of(1, 0, 0, 0.5, 0.25, 0),
      "crossEntropy",
      "HeddleError",
      /targets of image 1 add up to 0\.75, .* add up to 1 \(within 0\.001\)\. Divide each row by its sum/,
    ],
    [
      Float32Array.of(1, 0, 1),
      "crossEntropy",
      "HeddleError",
      /add up to 2, .*For images of several labels, or none, compile\({ loss: "binaryCrossEntropy" }\)/,
    ],
  ];
  for (const [targets, loss, name, message] of wrong) {
    it(`are refused: ${message.source}`, () => assert.throws(() => check(targets, loss), { name, message }));
  }

  it("have rows to be made, picked and named", () => {
    const rows = oneHotRows(Uint8Array.of(2, 0), 3);
    assert.deepEqual([...rows], [0, 0, 1, 1, 0, 0]);
    assert.deepEqual([...pickRows(rows, 3, Uint32Array.of(1, 0, 1))], [1, 0, 0, 0, 0, 1, 1, 0, 0]);
    assert.deepEqual([...greatestOfRows(Float32Array.of(0.2, 0.4, 0.4, 0, 0, 0), 3)], [1, 0]);
  });
});
