import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { colourChange } from "../../data/batch-augmentation.js";
import { changeColour } from "./colour.js";

type Change = readonly [kind: keyof typeof colourChange, amount: number];

function changed(pixels: readonly number[], channels: 1 | 3, ...changes: readonly Change[]): number[] {
  const out = Float64Array.from(pixels);
  changeColour(
    out,
    channels,
    changes.flatMap(([kind, amount]) => [colourChange[kind], amount]),
  );
  return [...out];
}

function assertNear(actual: readonly number[], expected: readonly number[], within = 1e-9): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) <= within, `${actual.join()} is not ${expected.join()}`);
  });
}

describe("the plain twin of colour changes", () => {
  const cases: readonly [what: string, actual: number[], expected: readonly number[]][] = [
    ["scales brightness and clips it", changed([10, 100, 200], 1, ["brightness", 1.5]), [15, 150, 255]],
    ["moves contrast about the mean", changed([10, 100, 130], 1, ["contrast", 0.5]), [45, 90, 105]],
    ["clips contrast at both ends", changed([10, 90, 200], 1, ["contrast", 2]), [0, 80, 255]],
    [
      "takes the mean grey for contrast of colours",
      changed([100, 50, 200, 0, 0, 0], 3, ["contrast", 0]),
      Array(6).fill((0.2989 * 100 + 0.587 * 50 + 0.114 * 200) / 2),
    ],
    [
      "leaves the grey where there is no saturation",
      changed([100, 50, 200], 3, ["saturation", 0]),
      Array(3).fill(0.2989 * 100 + 0.587 * 50 + 0.114 * 200),
    ],
    [
      "does one after the other",
      changed([100], 1, ["none", 3], ["brightness", 3], ["brightness", 0.5]),
      [127.5],
    ],
    // Python's colorsys says so.
    ["turns red", changed([200, 30, 90], 3, ["hue", -0.3]), [30, 56, 200]],
    ["turns green", changed([12, 240, 7], 3, ["hue", 0.1]), [7, 240, 141.8]],
    ["turns blue", changed([5, 60, 250], 3, ["hue", 0.5]), [250, 195, 5]],
    ["turns yellow", changed([255, 255, 0], 3, ["hue", 0.1]), [102, 255, 0]],
    ["leaves grey as it is", changed([80, 80, 80], 3, ["hue", 0.3]), [80, 80, 80]],
  ];
  for (const [what, actual, expected] of cases) it(what, () => assertNear(actual, expected));

  it("changes nothing by factors of 1 and by whole turns of the hue", () => {
    const pixel = fc.integer({ min: 0, max: 255 });
    const property = fc.property(
      fc.array(fc.tuple(pixel, pixel, pixel), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(0, 1, -1),
      (pixels, turn) => {
        const image = pixels.flat();
        const same = changed(image, 3, ["contrast", 1], ["hue", turn], ["saturation", 1], ["brightness", 1]);
        assertNear(same, image, 1e-9);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it("turns the hue there and back", () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }),
      fc.double({ min: -0.5, max: 0.5, noNaN: true }),
      (pixel, turn) => assertNear(changed(pixel, 3, ["hue", turn], ["hue", -turn]), pixel, 1e-6),
    );
    fc.assert(property, { numRuns: 200 });
  });
});
