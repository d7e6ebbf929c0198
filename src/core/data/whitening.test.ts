import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../random.js";
import { computeNormalization, plainNormalization } from "./normalization.js";
import { symmetricEigen } from "./symmetric-eigen.js";
import { PatchMoments, whiteningKernel } from "./whitening.js";

const imageShape = [9, 8, 3];
const size = 9 * 8 * 3;

/** Images whose neighbouring pixels and channels go together, as those of photos do. */
function smoothImages(count: number): Uint8Array {
  const random = createRandom(3);
  const images = new Uint8Array(count * size);
  for (let image = 0; image < count; image++) {
    const [level, down, across] = [random.below(120) + 60, random.below(13) - 6, random.below(13) - 6];
    for (let row = 0; row < 9; row++)
      for (let column = 0; column < 8; column++)
        for (let channel = 0; channel < 3; channel++)
          images[image * size + (row * 8 + column) * 3 + channel] =
            level + down * row + across * column + random.below(12) + 4 * channel;
  }
  return images;
}

const images = smoothImages(40);
const normalization = computeNormalization(
  images,
  imageShape,
  Uint32Array.from({ length: 40 }, (_, index) => index),
);

/** Every 2×2 patch as it enters a network, in the order of a kernel. */
function patches(): number[][] {
  const { mean, deviation } = normalization;
  const all: number[][] = [];
  for (let image = 0; image < 40; image++)
    for (let row = 0; row < 8; row++)
      for (let column = 0; column < 7; column++)
        all.push(
          Array.from({ length: 12 }, (_, at) => {
            const [down, across, channel] = [Math.floor(at / 6), Math.floor(at / 3) % 2, at % 3];
            const byte = images[image * size + ((row + down) * 8 + column + across) * 3 + channel];
            return (byte / 255 - mean[channel]) / deviation[channel];
          }),
        );
  return all;
}

function covarianceOf(rows: readonly (readonly number[])[]): number[][] {
  const means = rows[0].map((_, at) => rows.reduce((sum, row) => sum + row[at], 0) / rows.length);
  return means.map((mean, a) =>
    means.map(
      (other, b) => rows.reduce((sum, row) => sum + (row[a] - mean) * (row[b] - other), 0) / rows.length,
    ),
  );
}

function moments(...parts: readonly (readonly [number, number])[]): PatchMoments {
  const made = new PatchMoments(imageShape, [2, 2]);
  for (const [from, to] of parts) made.add(images.subarray(from * size, to * size));
  return made;
}

describe("the covariance of patches", () => {
  it("is that of the values which enter the network", () => {
    const covariance = moments([0, 40]).covariance(normalization);
    covarianceOf(patches())
      .flat()
      .forEach((expected, at) => {
        assert.ok(Math.abs(covariance[at] - expected) < 1e-9, `${at}: ${covariance[at]}, not ${expected}`);
      });
  });

  it("is the same to the bit however the images come", () => {
    const whole = moments([0, 40]).covariance(normalization);
    assert.deepEqual(moments([7, 40], [0, 3], [3, 7]).covariance(normalization), whole);
  });

  it("looks at no more images than are wanted", () => {
    const many = new PatchMoments([300, 300, 1], [9, 9]);
    assert.equal(many.wanted, 2);
    const image = Uint8Array.from({ length: 90_000 }, (_, at) => at % 251);
    for (const count of [2, 5]) many.add(new Uint8Array(90_000 * count).fill(200));
    const two = new PatchMoments([300, 300, 1], [9, 9]);
    two.add(new Uint8Array(180_000).fill(200));
    two.add(image);
    assert.deepEqual(many.covariance(plainNormalization(1)), two.covariance(plainNormalization(1)));
  });

  it("asks for an image", () => {
    assert.throws(() => moments().covariance(normalization), /needs at least one training image/);
  });
});

describe("a whitening kernel", () => {
  const kernel = whiteningKernel(moments([0, 40]).covariance(normalization), 12, 24);
  const outputs = patches().map((patch) =>
    Array.from({ length: 24 }, (_, filter) =>
      patch.reduce((sum, value, at) => sum + value * kernel[at * 24 + filter], 0),
    ),
  );

  it("makes outputs that don't correlate, of a variance of about 1 each", () => {
    const covariance = covarianceOf(outputs.map((row) => row.slice(0, 12)));
    const { value: smallest } = symmetricEigen(moments([0, 40]).covariance(normalization), 12)[11];
    assert.ok(smallest > 0.002 && smallest < 0.02, `${smallest} is not far below the largest`);
    covariance.forEach((row, a) => {
      row.forEach((value, b) => {
        if (a === b) assert.ok(value > smallest / (smallest + 6e-4) && value < 1, `variance ${value}`);
        else assert.ok(Math.abs(value) < 1e-5, `covariance ${value}`);
      });
    });
  });

  it("has each direction twice, with opposite signs", () => {
    for (const row of outputs.slice(0, 5))
      for (let filter = 0; filter < 12; filter++) assert.equal(row[filter], -row[filter + 12]);
  });

  it("has the directions of the largest variance where there are fewer filters", () => {
    const few = whiteningKernel(moments([0, 40]).covariance(normalization), 12, 4);
    for (let row = 0; row < 12; row++) {
      const expected = [kernel[row * 24], kernel[row * 24 + 1]];
      assert.deepEqual([...few.subarray(row * 4, row * 4 + 2)], expected);
    }
  });

  it("of images that are all alike is finite", () => {
    const flat = new PatchMoments([4, 4, 1], [2, 2]);
    flat.add(new Uint8Array(16).fill(77));
    const made = whiteningKernel(flat.covariance({ mean: [0.3], deviation: [1] }), 4, 8);
    assert.ok(made.every(Number.isFinite) && made.some((value) => value !== 0));
  });
});

describe("eigenvectors of a symmetric matrix", () => {
  it("are orthonormal, and the matrix stretches each by its eigenvalue", () => {
    const cell = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 6 })
          .chain((n) => fc.tuple(fc.constant(n), fc.array(cell, { minLength: n * n, maxLength: n * n }))),
        ([n, cells]) => {
          const at = (a: number, b: number): number => cells[Math.min(a, b) * n + Math.max(a, b)];
          const matrix = Float64Array.from(cells, (_, place) => at(Math.floor(place / n), place % n));
          const pairs = symmetricEigen(matrix, n);
          const dot = (a: Float64Array, b: Float64Array) =>
            a.reduce((sum, value, k) => sum + value * b[k], 0);
          pairs.forEach(({ value, vector }, index) => {
            assert.ok(index === 0 || value <= pairs[index - 1].value);
            for (let row = 0; row < n; row++) {
              const stretched = dot(matrix.subarray(row * n, (row + 1) * n), vector);
              assert.ok(Math.abs(stretched - value * vector[row]) < 1e-9);
            }
            pairs.forEach((other, k) => {
              assert.ok(Math.abs(dot(vector, other.vector) - (k === index ? 1 : 0)) < 1e-9);
            });
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
