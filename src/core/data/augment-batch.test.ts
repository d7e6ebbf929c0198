import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { augmentBatch, checkAugmentation, createBatchAugmentation } from "./augment-batch.js";
import { type AugmentationConfig, noAugmentation, parseAugmentation } from "./augmentation.js";
import { colourChange } from "./batch-augmentation.js";

const fashionShape = [28, 28, 1];
const everything: AugmentationConfig = { flip: true, shift: 2, rotate: 10, zoom: 0.1, erase: 0.25 };
const many = Uint32Array.from({ length: 4000 }, (_, index) => index);

function drawn(
  config: Partial<AugmentationConfig>,
  indices = many,
  { seed = 1, epoch = 1, shape = fashionShape as readonly number[] } = {},
) {
  const whole = { ...noAugmentation, ...config };
  const out = createBatchAugmentation(indices.length, whole);
  augmentBatch(whole, shape, indices, { seed, epoch }, out);
  const affine = Array.from(indices, (_, k) => out.affine.slice(6 * k, 6 * k + 6));
  const erase = Array.from(indices, (_, k) => out.erase.slice(4 * k, 4 * k + 4));
  const crop = out.crop ? Array.from(indices, (_, k) => out.crop!.slice(4 * k, 4 * k + 4)) : [];
  const colour = out.colour ? Array.from(indices, (_, k) => out.colour!.slice(10 * k, 10 * k + 10)) : [];
  return { affine, erase, crop, colour };
}

/** The changes of an image's colours by name, in their order. */
function changesOf(colour: Float32Array): [kind: string | undefined, amount: number][] {
  const names = new Map(Object.entries(colourChange).map(([name, kind]) => [kind as number, name]));
  const pairs = [0, 2, 4, 6, 8].map((at) => [names.get(colour[at]), colour[at + 1]] as [string, number]);
  return pairs.filter(([name]) => name !== "none");
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

  it("shows both sides of each image in any two epochs in a row, half of them at a time", () => {
    const sides = [1, 2, 3].map((epoch) =>
      drawn({ flip: "alternate" }, many, { epoch }).affine.map((one) => one[0] === -1),
    );
    assert.deepEqual(
      sides[1],
      sides[0].map((mirrored) => !mirrored),
    );
    assert.deepEqual(sides[2], sides[0]);
    const share = sides[0].filter(Boolean).length / many.length;
    assert.ok(Math.abs(share - 0.5) < 0.03, `${share}`);
    const others = drawn({ flip: "alternate" }, many, { seed: 2 }).affine.map((one) => one[0] === -1);
    assert.notDeepEqual(others, sides[0]);
  });

  it("crops parts of the areas and ratios asked for, anywhere in the image", () => {
    const { crop, affine } = drawn({ crop: [0.2, 0.8], ratio: [0.5, 2] }, many, { shape: [24, 32, 1] });
    const areas = crop.map(([, , width, height]) => (width * height) / (24 * 32));
    const ratios = crop.map(([, , width, height]) => width / height);
    // Sides are rounded to whole pixels.
    assert.ok(Math.min(...areas) > 0.17 && Math.max(...areas) < 0.84);
    assert.ok(Math.min(...ratios) > 0.43 && Math.max(...ratios) < 2.3);
    assert.ok(Math.min(...areas) < 0.22 && Math.max(...areas) > 0.76);
    assert.ok(Math.min(...ratios) < 0.55 && Math.max(...ratios) > 1.8);
    assert.ok(crop.every(([left, top, width, height]) => left + width <= 32 && top + height <= 24));
    for (const edge of [0, 1] as const)
      assert.ok(crop.some((one) => one[edge] + one[edge + 2] === [32, 24][edge] && one[edge] > 0));
    crop.forEach(([left, top, width, height], image) => {
      const [x, y] = source(affine[image], -0.5, -0.5);
      assert.ok(Math.hypot(x - (left - 0.5), y - (top - 0.5)) < 1e-4);
      const [right, bottom] = source(affine[image], 31.5, 23.5);
      assert.ok(Math.hypot(right - (left + width - 0.5), bottom - (top + height - 0.5)) < 1e-4);
    });
  });

  it("crops the largest part in the middle where no drawn one fits", () => {
    const wide = drawn({ crop: [1, 1], ratio: [1, 1] }, many.slice(0, 3), { shape: [4, 10, 1] }).crop;
    for (const one of wide) assert.deepEqual([...one], [3, 0, 4, 4]);
    const whole = drawn({ crop: [1, 1] }, many.slice(0, 30), { shape: [4, 4, 1] });
    for (const one of whole.crop) assert.deepEqual([...one], [0, 0, 4, 4]);
    for (const one of whole.affine) assert.deepEqual(source(one, 3, 2), [3, 2]);
  });

  it("jitters colours within their ranges, in every order, and turns some to grey at the end", () => {
    const shape = [8, 8, 3];
    const config = { brightness: 0.2, contrast: 1.5, saturation: 0.5, hue: 0.1, grey: 0.25 };
    const changes = drawn(config, many, { shape }).colour.map(changesOf);
    const ranges = { brightness: [0.8, 1.2], contrast: [0, 2.5], saturation: [0.5, 1.5], hue: [-0.1, 0.1] };
    for (const [name, [least, greatest]] of Object.entries(ranges)) {
      const amounts = changes.map((one) => one.slice(0, 4).find(([kind]) => kind === name)![1]);
      const slack = (greatest - least) / 100;
      assert.ok(Math.min(...amounts) >= least - 1e-6 && Math.min(...amounts) < least + slack, name);
      assert.ok(Math.max(...amounts) <= greatest + 1e-6 && Math.max(...amounts) > greatest - slack, name);
    }
    const orders = changes.map((one) => one.slice(0, 4).join()).map((text) => text.replace(/,[-.\de]+/g, ""));
    const counts = [...new Set(orders)].map((order) => orders.filter((each) => each === order).length);
    assert.equal(counts.length, 24);
    assert.ok(Math.min(...counts) > many.length / 48 && Math.max(...counts) < many.length / 12);
    const grey = changes.filter((one) => one.length === 5);
    assert.ok(Math.abs(grey.length / many.length - 0.25) < 0.03);
    for (const one of grey) assert.deepEqual(one[4], ["saturation", 0]);
  });

  it("keeps colours as they were when others are turned on, and leaves them where none are", () => {
    const shape = [8, 8, 3];
    const alone = drawn({ hue: 0.1 }, many.slice(0, 50), { shape }).colour.map(changesOf);
    const among = drawn({ hue: 0.1, brightness: 1, grey: 0.5 }, many.slice(0, 50), { shape });
    assert.deepEqual(
      among.colour.map(changesOf).map((one) => one.filter(([name]) => name === "hue")),
      alone,
    );
    assert.deepEqual(drawn({ brightness: 0 }).colour, []);
  });

  it("refuses what images of a shape don't have", () => {
    const refused = (text: string, shape: readonly number[], message: RegExp) =>
      assert.throws(() => checkAugmentation(parseAugmentation(text), shape), {
        name: "HeddleError",
        message,
      });
    refused("hue", [8, 8, 1], /"hue" is for images of three channels, red, green and blue, but these have 1/);
    refused("brightness,grey", [8, 8, 4], /"grey" is for images of three channels, .* have 4: leave it out/);
    refused("contrast", [8, 8, 2], /"contrast" is for images of one channel or three, but these have 2/);
    refused("reflect,rotate", [1, 8, 1], /"reflect" mirrors images .* those of 1×8 have none beside them/);
    checkAugmentation(parseAugmentation("brightness,contrast,crop,hue=0,shift=1,reflect"), [8, 8, 1]);
    checkAugmentation(parseAugmentation("brightness,contrast,saturation,hue,grey"), [8, 8, 3]);
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
