import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { computeNormalization } from "./normalization.js";

describe("normalization", () => {
  it("gives mean and population deviation in units of 0 … 1", () => {
    const { mean, deviation } = computeNormalization(
      Uint8Array.of(0, 255, 255, 255),
      [1, 2, 1],
      Uint32Array.of(0, 1),
    );
    assert.deepEqual(mean, [0.75]);
    assert.ok(Math.abs(deviation[0] - Math.sqrt(3 / 16)) < 1e-15);
  });

  it("counts the chosen images alone", () => {
    const images = Uint8Array.of(255, 255, 0, 102, 255, 255);
    const { mean, deviation } = computeNormalization(images, [2, 1, 1], Uint32Array.of(1));
    assert.ok(Math.abs(mean[0] - 0.2) < 1e-15);
    assert.ok(Math.abs(deviation[0] - 0.2) < 1e-15);
  });

  it("gives a constant set the deviation 1", () => {
    const images = new Uint8Array(6).fill(51);
    assert.deepEqual(computeNormalization(images, [1, 3, 1], Uint32Array.of(0, 1)), {
      mean: [0.2],
      deviation: [1],
    });
  });

  it("agrees with the definition for any bytes, sizes and order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.uint8Array({ minLength: 7, maxLength: 70 }),
        (imageSize, images) => {
          const count = Math.floor(images.length / imageSize);
          const indices = Uint32Array.from({ length: count }, (_, index) => index);
          const pixels = Array.from(images.subarray(0, count * imageSize), (byte) => byte / 255);
          const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
          const variance = pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / pixels.length;
          const result = computeNormalization(images, [1, imageSize, 1], indices);
          assert.ok(Math.abs(result.mean[0] - mean) < 1e-12);
          const constant = new Set(images.subarray(0, count * imageSize)).size === 1;
          assert.ok(Math.abs(result.deviation[0] - (constant ? 1 : Math.sqrt(variance))) < 1e-9);
          assert.deepEqual(
            computeNormalization(images, [1, imageSize, 1], indices.slice().reverse()),
            result,
          );
        },
      ),
    );
  });

  it("is of each channel what it would be of that channel's images alone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 7 }),
        fc.uint8Array({ minLength: 35, maxLength: 200 }),
        (channels, pixels, images) => {
          const count = Math.floor(images.length / (channels * pixels));
          const indices = Uint32Array.from({ length: count }, (_, index) => index);
          const apart = Array.from({ length: channels }, (_, channel) => {
            const own = images.filter((_, at) => at % channels === channel);
            return computeNormalization(own, [1, pixels, 1], indices);
          });
          assert.deepEqual(computeNormalization(images, [1, pixels, channels], indices), {
            mean: apart.map(({ mean }) => mean[0]),
            deviation: apart.map(({ deviation }) => deviation[0]),
          });
        },
      ),
    );
  });

  it("refuses no image at all", () => {
    assert.throws(
      () => computeNormalization(new Uint8Array(4), [1, 2, 1], new Uint32Array(0)),
      /at least one/,
    );
  });
});
