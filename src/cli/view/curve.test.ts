import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { drawCurve, type Point } from "./curve.js";
import { niceTicks } from "./ticks.js";

describe("drawCurve", () => {
  it("draws a falling line between labelled axes", () => {
    const points: Point[] = [
      [0, 10],
      [5, 0],
    ];
    assert.equal(
      drawCurve(points, { width: 14, height: 3, xLabel: "x", yLabel: "height" }),
      ["height", "10 ┤⠑⠢⢄⡀", "   │   ⠈⠒⠤⡀", " 0 ┤      ⠈⠑⠢⢄", "   └──────────", "    0   x    5"].join("\n"),
    );
  });

  it("keeps to its width and height, whatever it draws", () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const curve = fc
      .tuple(fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 }), number)
      .map(([xs, scale]) => xs.sort((a, b) => a - b).map((x): Point => [x, Math.sin(x) * scale]));
    fc.assert(
      fc.property(
        curve,
        fc.integer({ min: 60, max: 120 }),
        fc.integer({ min: 2, max: 20 }),
        (points, width, height) => {
          const lines = drawCurve(points, { width, height }).split("\n");
          assert.equal(lines.length, height + 2);
          assert.ok(lines.every((line) => line.length <= width));
          assert.ok(lines.some((line) => /[\u2801-\u28ff]/.test(line)));
        },
      ),
    );
  });
});

describe("niceTicks", () => {
  it("cuts a range into round steps", () => {
    assert.deepEqual(niceTicks(0, 0.1).labels, ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]);
    assert.deepEqual(niceTicks(0.31, 2.2).labels, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]);
    assert.deepEqual(niceTicks(0, 1e-8).labels, ["0", "2e-9", "4e-9", "6e-9", "8e-9", "1e-8"]);
  });

  it("holds the range in a few rising, distinct labels", () => {
    const bound = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(bound, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (least, share) => {
        const greatest = least + share * Math.max(Math.abs(least), 1e-9);
        const { low, high, values, labels } = niceTicks(least, greatest);
        const slack = 1e-8 * (high - low);
        assert.ok(low <= least + slack && high >= greatest - slack);
        assert.ok(values.length >= 2 && values.length <= 8, `${values.length}`);
        assert.equal(new Set(labels).size, labels.length);
      }),
    );
  });

  it("has room for a single value", () => {
    for (const value of [0, 0.001, -5, 5e-324, 1e300]) {
      const { low, high } = niceTicks(value, value);
      assert.ok(low <= value && high >= value && low < high);
    }
  });
});
