import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { type Point, thinCurve } from "./thin-curve.js";

const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
const curve = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 80 })
  .map((points) => points.sort(([a], [b]) => a - b) as Point[]);

describe("thinCurve", () => {
  it("keeps the ends, the order and at most so many points, all of them the curve's own", () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 2, max: 40 }), (points, most) => {
        const thin = thinCurve(points, most);
        const places = thin.map((point) => points.indexOf(point));
        assert.ok(thin.length <= Math.max(most, 2) || thin.length === points.length);
        assert.equal(thin[0], points[0]);
        assert.equal(thin[thin.length - 1], points[points.length - 1]);
        assert.ok(places.every((place, index) => index === 0 || place > places[index - 1]));
      }),
    );
  });

  it("keeps corners and drops what lies between them on straight lines", () => {
    const staircase: Point[] = [
      [0, 0],
      [0, 0.25],
      [0, 0.5],
      [0.2, 0.5],
      [0.5, 0.5],
      [0.5, 0.75],
      [0.5, 1],
      [1, 1],
    ];
    const corners: Point[] = [
      [0, 0],
      [0, 0.5],
      [0.5, 0.5],
      [0.5, 1],
      [1, 1],
    ];
    assert.deepEqual(thinCurve(staircase, 7), corners);
    assert.deepEqual(thinCurve(staircase, 5), corners);
  });

  it("leaves short curves as they are", () => {
    const points: Point[] = [
      [0, 0],
      [0.5, 0.5],
      [1, 1],
    ];
    assert.equal(thinCurve(points, 3), points);
  });

  it("takes a curve that ends where it began", () => {
    const loop: Point[] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ];
    assert.equal(thinCurve(loop, 4).length, 4);
  });
});
