import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { augmentBatch, checkAugmentation, createBatchAugmentation } from "./augment-batch.js";
import { type AugmentationConfig, noAugmentation } from "./augmentation.js";

const fashionShape = [28, 28, 1];
const everything: AugmentationConfig = { flip: true, shift: 2, rotate: 10, zoom: 0.1, erase: 0.25 };
const many = Uint32Array.from({ length: 4000 }, (_, index) => index);

function drawn(
  config: Partial<AugmentationConfig>,
  indices = many,
  { seed = 1, epoch = 1, shape = fashionShape as readonly number[] } = {},
) {
  const out = createBatchAugmentation(indices.length);
  augmentBatch({ ...noAugmentation, ...config }, shape, indices, { seed, epoch }, out);
  const affine = Array.from(indices, (_, k) => out.affine.slice(6 * k, 6 * k + 6));
  const erase = Array.from(indices, (_, k) => out.erase.slice(4 * k, 4 * k + 4));
  return { affine, erase };
}

/** Where output pixel (x, y) reads. */
function source(affine: Float32Array, x: number, y: number): [number, number] {
  const [a, b, c, d, e, f] = affine;
  return [a * x + b * y + c, d * x + e * y + f];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("augmenting a batch", () => {
  it("leaves images alone when nothing is on", () => {
    const { affine, erase } = drawn({}, many.slice(0, 5));
    for (const one of affine) assert.deepEqual(source(one, 3, 7), [3, 7]);
    for (const one of erase) assert.deepEqual([...one], [0, 0, 0, 0]);
  });

  it("follows from seed, epoch and image alone, whatever the batch and its order", () => {
    const all = drawn(everything);
    const some = drawn(everything, Uint32Array.of(17, 3, 3999));
    for (const [k, index] of [17, 3, 3999].entries()) {
      assert.deepEqual(some.affine[k], all.affine[index]);
      assert.deepEqual(some.erase[k], all.erase[index]);
    }
    assert.notDeepEqual(drawn(everything, many, { epoch: 2 }), all);
    assert.notDeepEqual(drawn(everything, many, { seed: 2 }), all);
    assert.notDeepEqual(all.affine[1], all.affine[2]);
  });

  it("keeps one change as it was when another is turned on", () => {
    assert.deepEqual(drawn({ erase: 0.25 }).erase, drawn(everything).erase);
  });

  it("mirrors half of the images", () => {
    const mirrored = drawn({ flip: true }).affine.filter((one) => one[0] === -1);
    for (const one of mirrored) assert.deepEqual(source(one, 0, 5), [27, 5]);
    assert.ok(Math.abs(mirrored.length / many.length - 0.5) < 0.03, `${mirrored.length}`);
  });

  it("shifts by every whole number of pixels in range, evenly on both axes", () => {
    const { affine } = drawn({ shift: 2 });
    for (const axis of [0, 1]) {
      const shifts = affine.map((one) => source(one, 10, 10)[axis] - 10);
      for (const shift of [-2, -1, 0, 1, 2]) {
        const share = shifts.filter((value) => value === shift).length / shifts.length;
        assert.ok(Math.abs(share - 0.2) < 0.03, `axis ${axis} by ${shift}: ${share}`);
      }
    }
    const together = mean(affine.map((one) => (source(one, 0, 0)[0] || 0) * (source(one, 0, 0)[1] || 0)));
    assert.ok(Math.abs(together) < 0.15, `correlation ${together}`);
  });

  it("turns about the centre, lengths kept", () => {
    const { affine } = drawn({ rotate: 10 });
    const angles = affine.map((one) => {
      const [x, y] = source(one, 13.5, 13.5);
      assert.ok(Math.hypot(x - 13.5, y - 13.5) < 1e-5);
      assert.ok(Math.abs(Math.hypot(one[0], one[3]) - 1) < 1e-6);
      return (Math.atan2(one[3], one[0]) * 180) / Math.PI;
    });
    assert.ok(Math.max(...angles) > 9.9 && Math.max(...angles) <= 10);
    assert.ok(Math.min(...angles) < -9.9 && Math.min(...angles) >= -10.001);
    assert.ok(Math.abs(mean(angles)) < 0.3);
  });

  it("zooms about the centre by 1 ± z", () => {
    const factors = drawn({ zoom: 0.1 }).affine.map((one) => {
      assert.ok(Math.abs(source(one, 13.5, 13.5)[0] - 13.5) < 1e-5);
      assert.equal(one[0], one[4]);
      return 1 / one[0];
    });
    assert.ok(Math.min(...factors) >= 0.8999 && Math.min(...factors) < 0.901);
    assert.ok(Math.max(...factors) <= 1.1001 && Math.max(...factors) > 1.099);
    assert.ok(Math.abs(mean(factors) - 1) < 0.004);
  });

  it("erases a rectangle inside half of the images, up to the share of the area", () => {
    const erased = drawn({ erase: 0.25 }).erase.filter((one) => one[2] > 0);
    assert.ok(Math.abs(erased.length / many.length - 0.5) < 0.03);
    const shares = erased.map(([left, top, width, height]) => {
      assert.ok(left >= 0 && top >= 0 && left + width <= 28 && top + height <= 28);
      return (width * height) / 784;
    });
    assert.ok(Math.max(...shares) <= 0.25 && Math.max(...shares) > 0.22);
    assert.ok(erased.some(([left, , width]) => left + width === 28));
    assert.ok(erased.some(([, top, , height]) => top + height === 28));
  });

  it("stays inside images of any shape and share", () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (height, width, erase, seed) => {
          const rectangles = drawn({ erase }, many.slice(0, 20), { seed, shape: [height, width, 3] }).erase;
          for (const [left, top, erasedWidth, erasedHeight] of rectangles) {
            assert.ok(left >= 0 && left + erasedWidth <= width);
            assert.ok(top >= 0 && top + erasedHeight <= height);
            assert.ok(erasedWidth * erasedHeight <= erase * height * width);
            assert.equal(erasedWidth === 0, erasedHeight === 0);
          }
        },
      ),
    );
  });

  it("refuses a shift that leaves nothing", () => {
    const config = (shift: number) => ({ ...noAugmentation, shift });
    assert.throws(() => checkAugmentation(config(28), [28, 30, 1]), {
      name: "HeddleError",
      message: /"shift=28" moves images of 28×30 out of sight: expected less than 28/,
    });
    checkAugmentation(config(27), [28, 30, 1]);
    checkAugmentation(config(0), [28, 30, 1]);
  });
});
