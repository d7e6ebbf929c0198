import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { augmentBatch, createBatchAugmentation } from "../../data/augment-batch.js";
import { noAugmentation } from "../../data/augmentation.js";
import { gatherImage, type ImageAugmentation } from "./gather.js";

/** Leaves bytes as they are. */
const asTheyAre = (channels: number) => ({
  mean: Array<number>(channels).fill(0),
  deviation: Array<number>(channels).fill(1 / 255),
});

const bytesAsTheyAre = asTheyAre(1);
const identity = [1, 0, 0, 0, 1, 0];
const nothing = [0, 0, 0, 0];
const greyImage = Uint8Array.of(10, 20, 30, 40, 50, 60);
const greyShape = [2, 3, 1];

function augmented(affine: ArrayLike<number>, erase: ArrayLike<number> = nothing): number[] {
  const output = gatherImage(greyImage, greyShape, { affine, erase }, bytesAsTheyAre);
  return Array.from(output, (value) => Math.round(value * 1e9) / 1e9);
}

describe("the plain twin of augmentation", () => {
  it("gives the image itself, normalized", () => {
    assert.deepEqual(augmented(identity), [10, 20, 30, 40, 50, 60]);
    const [first] = gatherImage(
      greyImage,
      greyShape,
      { affine: identity, erase: nothing },
      {
        mean: [0.5],
        deviation: [0.25],
      },
    );
    assert.equal(first, (10 / 255 - 0.5) / 0.25);
  });

  it("mirrors", () => {
    assert.deepEqual(augmented([-1, 0, 2, 0, 1, 0]), [30, 20, 10, 60, 50, 40]);
  });

  it("moves black in from beyond the border", () => {
    assert.deepEqual(augmented([1, 0, -1, 0, 1, 0]), [0, 10, 20, 0, 40, 50]);
    assert.deepEqual(augmented([1, 0, 0, 0, 1, 1]), [40, 50, 60, 0, 0, 0]);
    assert.deepEqual(augmented([1, 0, 100, 0, 1, 0]), [0, 0, 0, 0, 0, 0]);
  });

  it("mixes the four pixels around, black beyond the border", () => {
    assert.deepEqual(augmented([1, 0, 0.5, 0, 1, 0.5]), [30, 40, 22.5, 22.5, 27.5, 15]);
    assert.deepEqual(augmented([1, 0, -0.25, 0, 1, 0]), [7.5, 17.5, 27.5, 30, 47.5, 57.5]);
  });

  it("sets an erased rectangle to the mean pixel, after the transform", () => {
    const normalization = { mean: [0.3], deviation: [0.2] };
    const output = gatherImage(
      greyImage,
      greyShape,
      { affine: [-1, 0, 2, 0, 1, 0], erase: [1, 0, 2, 1] },
      normalization,
    );
    assert.deepEqual([output[1], output[2]], [0, 0]);
    assert.equal(output[0], (30 / 255 - 0.3) / 0.2);
    assert.equal(output[4], (50 / 255 - 0.3) / 0.2);
  });

  it("normalizes each channel by its own numbers", () => {
    const normalization = { mean: [0, 0.5, 0.25], deviation: [1, 2, 0.5] };
    const image = Uint8Array.of(255, 51, 0);
    const output = gatherImage(image, [1, 1, 3], { affine: identity, erase: nothing }, normalization);
    assert.deepEqual([...output], [1, (0.2 - 0.5) / 2, -0.5]);
  });

  it("keeps channels apart", () => {
    const image = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const output = gatherImage(
      image,
      [1, 2, 3],
      { affine: [-1, 0, 1, 0, 1, 0], erase: nothing },
      asTheyAre(3),
    );
    assert.deepEqual(
      Array.from(output, (value) => Math.round(value)),
      [4, 5, 6, 1, 2, 3],
    );
  });

  describe("beside PyTorch", () => {
    const [height, width] = [5, 4];
    const picture = Uint8Array.from(
      { length: height * width },
      (_, at) => ((at % width) * 37 + Math.floor(at / width) * 53) % 256,
    );
    const made = (varied: Pick<ImageAugmentation, "affine" | "reflect" | "crop">): number[] => [
      ...gatherImage(picture, [height, width, 1], { erase: nothing, ...varied }, bytesAsTheyAre),
    ];

    it("mirrors borders as its reflected padding does", () => {
      const expected = [127, 90, 53, 90, 180, 143, 106, 143, 233, 196, 159, 196, 30, 249, 212, 249, 233, 196];
      const moved = made({ affine: [1, 0, -2, 0, 1, 1], reflect: true });
      assert.deepEqual(moved.map(Math.round), [...expected, 159, 196]);
    });

    it("enlarges a crop as its bilinear interpolation does", () => {
      const expected = [
        [143, 152.25, 170.75, 180],
        [164.2, 173.45, 191.95, 201.2],
        [196, 205.25, 223.75, 233],
        [227.8, 198.65, 140.35, 111.2],
        [249, 194.25, 84.75, 30],
      ].flat();
      const part = { affine: [0.5, 0, 0.75, 0, 0.6, 1.8], crop: [1, 2, 2, 3] };
      for (const reflect of [false, true])
        made({ ...part, reflect }).forEach((value, at) => {
          assert.ok(Math.abs(value - expected[at]) < 1e-9, `${at}: ${value}, not ${expected[at]}`);
        });
    });

    it("takes a crop for the whole image where that is moved", () => {
      const rows = [143, 152.25, 170.75, 180, 164.2, 173.45, 191.95, 201.2];
      const affine = [0.5, 0, 0.75 - 2 * 0.5, 0, 0.6, 1.8];
      const crop = [1, 2, 2, 3];
      const near = (actual: number[], expected: number[]): void =>
        expected.forEach((value, at) => {
          assert.ok(Math.abs(actual[at] - value) < 1e-9);
        });
      near(made({ affine, crop }), [0, 0, rows[0], rows[1], 0, 0, rows[4], rows[5]]);
      const mirrored = [rows[2], rows[1], rows[0], rows[1], rows[6], rows[5], rows[4], rows[5]];
      near(made({ affine, crop, reflect: true }), mirrored);
    });
  });

  it("moves the picture the way a drawn shift says", () => {
    const out = createBatchAugmentation(1, noAugmentation);
    const image = new Uint8Array(25);
    image[12] = 255;
    for (let index = 0; index < 20; index++) {
      const config = { ...noAugmentation, shift: 2, flip: true, rotate: 90 };
      augmentBatch(config, [5, 5, 1], Uint32Array.of(index), { seed: 1, epoch: 1 }, out);
      const output = gatherImage(image, [5, 5, 1], out, bytesAsTheyAre);
      const brightest = output.indexOf(Math.max(...output));
      const [a, b, c, d, e, f] = out.affine;
      const [x, y] = [brightest % 5, Math.floor(brightest / 5)];
      assert.ok(Math.abs(output[brightest] - 255) < 1e-3, "the centre lands on a pixel");
      assert.ok(Math.hypot(a * x + b * y + c - 2, d * x + e * y + f - 2) < 1e-5);
    }
  });
});
