import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { UsageError } from "../errors.js";
import { gatherImage } from "../kernels/reference/gather.js";
import { checkValue } from "../options/index.js";
import { checkViews, resolveViews, type ViewOptions, viewImages, viewsKind, viewsOf } from "./views.js";

describe("views of images", () => {
  it("are the image, its mirror, and two shifts of both, with airbench's weights", () => {
    assert.deepEqual(viewsOf({ flip: true, shift: 0 }), [
      { mirrored: false, shift: 0, weight: 1 / 2 },
      { mirrored: true, shift: 0, weight: 1 / 2 },
    ]);
    assert.deepEqual(viewsOf({ flip: false, shift: 2 }), [
      { mirrored: false, shift: 0, weight: 1 / 2 },
      { mirrored: false, shift: -2, weight: 1 / 4 },
      { mirrored: false, shift: 2, weight: 1 / 4 },
    ]);
    const all = viewsOf({ flip: true, shift: 1 });
    assert.deepEqual(
      all.map(({ weight }) => weight),
      [1 / 4, 1 / 4, 1 / 8, 1 / 8, 1 / 8, 1 / 8],
    );
  });

  it("show what the twin of augmentation shows, for any shape", () => {
    const side = fc.integer({ min: 1, max: 7 });
    const property = fc.property(
      side,
      side,
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      fc.integer(),
      (height, width, channels, mirrored, drawn) => {
        const shape = [height, width, channels];
        const most = Math.min(height, width) - 1;
        const shift = most === 0 ? 0 : (drawn % (2 * most + 1)) - Math.sign(drawn) * most;
        const size = height * width * channels;
        const images = Uint8Array.from({ length: 2 * size }, (_, at) => (at * 37) % 251);
        const seen = new Uint8Array(images.length).fill(255);
        viewImages(images, shape, { mirrored, shift, weight: 1 }, seen);
        // Mirrored behind the shift: the pixel x reads W − 1 − x − shift.
        const alongX = mirrored ? [-1, 0, width - 1 - shift] : [1, 0, -shift];
        const plain = {
          mean: Array<number>(channels).fill(0),
          deviation: Array<number>(channels).fill(1 / 255),
        };
        for (const first of [0, size]) {
          const varied = { affine: [...alongX, 0, 1, -shift], erase: [0, 0, 0, 0], reflect: most > 0 };
          const twin = gatherImage(images.subarray(first, first + size), shape, varied, plain);
          assert.deepEqual([...seen.subarray(first, first + size)], [...twin].map(Math.round));
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it("are read as options and as a list", () => {
    const read = (given: string | ViewOptions | null) => checkValue("predict", "views", given, viewsKind);
    assert.deepEqual(read("flip,shift=2"), { flip: true, shift: 2 });
    assert.deepEqual(read("shift"), { flip: false, shift: 1 });
    assert.deepEqual(read({ flip: true }), { flip: true, shift: 0 });
    assert.deepEqual([read("none"), read(null)], [undefined, undefined]);
  });

  const wrong: readonly [string | ViewOptions, RegExp][] = [
    [{}, /^The views are none beside the image itself; give flip: true, shift: 1, or both, or "none"\.$/],
    ["shift=0,flip=false", /^The views are none beside the image itself/],
    ["flop", /^Unknown view "flop" \(did you mean flip\?\): expected .* such as flip,shift=1, or none\.$/],
    ["flip,flip", /^View "flip" is given twice/],
    [{ crop: true } as ViewOptions, /^views has no option "crop"\. Its options: flip, shift\.$/],
    [{ shift: 1.5 }, /^views: shift must be a whole number of 0 or more \(pixels\), but is 1\.5/],
    [{ flip: "alternate" } as never, /^views: flip must be true or false/],
  ];
  for (const [given, message] of wrong) {
    it(`are not ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => resolveViews(given),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it("reach no farther than reflected borders do", () => {
    checkViews({ flip: true, shift: 5 }, [6, 8, 1]);
    checkViews({ flip: true, shift: 0 }, [1, 1, 1]);
    assert.throws(() => checkViews({ flip: true, shift: 6 }, [6, 8, 1]), {
      name: "HeddleError",
      message: /^The views shift images of 6×8 by 6, but their reflected borders reach 5 pixels/,
    });
  });
});
