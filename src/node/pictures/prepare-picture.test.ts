import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encode } from "fast-png";
import sharp from "sharp";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { createRandom } from "../../core/random.js";
import { displayPicture, preparePicture, prepareWith } from "./prepare-picture.js";
import { loadSharp } from "./sharp-decoder.js";
import { colours, furthest, made, madeSides } from "./testing/made-pictures.js";

const small: PicturePreparation = { size: [16, 24], channels: 3, resize: "stretch", background: 255 };
const expected = colours({ width: 24, height: 16 });

/** A picture's bytes by sharp, and by what stands in for it. */
async function bothWays(png: Uint8Array, preparation: PicturePreparation): Promise<[Uint8Array, Uint8Array]> {
  return [
    await prepareWith(await loadSharp(), png, preparation),
    await prepareWith(undefined, png, preparation),
  ];
}

describe("a picture becomes the bytes that a model takes", () => {
  const encoded: readonly (readonly [string, () => Promise<Uint8Array>, number])[] = [
    ["JPEG", () => made().jpeg({ quality: 98, chromaSubsampling: "4:4:4" }).toBuffer(), 4],
    ["progressive JPEG", () => made().jpeg({ quality: 98, progressive: true }).toBuffer(), 6],
    ["PNG", () => made().png().toBuffer(), 1],
    ["interlaced PNG", () => made().png({ progressive: true }).toBuffer(), 1],
    ["PNG of 16 bits", () => made().toColourspace("rgb16").png().toBuffer(), 2],
    ["PNG with a palette", () => made().png({ palette: true, colours: 256, dither: 0 }).toBuffer(), 24],
    ["WebP", () => made().webp({ lossless: true }).toBuffer(), 1],
    ["AVIF", () => made().avif({ quality: 95, chromaSubsampling: "4:4:4", effort: 0 }).toBuffer(), 6],
  ];
  for (const [name, encodeIt, tolerance] of encoded) {
    it(`from ${name}`, async () => {
      const bytes = await encodeIt();
      const prepared = await preparePicture(bytes, small);
      assert.equal(prepared.length, 16 * 24 * 3);
      assert.ok(furthest(prepared, expected) <= tolerance, `${furthest(prepared, expected)}`);
      if (!name.includes("PNG")) return;
      const without = await prepareWith(undefined, bytes, small);
      assert.ok(furthest(without, prepared) <= 1, `${furthest(without, prepared)} apart`);
    });
  }

  it("from CMYK, its inks as the colours that they print", async () => {
    const red = { r: 200, g: 120, b: 90 };
    const flat = sharp({ create: { width: 8, height: 8, channels: 3, background: red } });
    const bytes = await flat.toColourspace("cmyk").jpeg({ quality: 98 }).toBuffer();
    const prepared = await preparePicture(bytes, { ...small, size: [1, 1] });
    assert.ok(furthest(prepared, Uint8Array.of(200, 120, 90)) < 20, prepared.join());
  });

  it("in grey by the weights of BT.601, or one grey in three channels", async () => {
    const pixel = await sharp({ create: { width: 2, height: 2, channels: 3, background: "#ff8000" } })
      .png()
      .toBuffer();
    const grey = await preparePicture(pixel, { ...small, size: [1, 1], channels: 1 });
    assert.deepEqual([...grey], [Math.round(0.299 * 255 + 0.587 * 128)]);
    for (const depth of [8, 16] as const) {
      const data = depth === 8 ? Uint8Array.of(70) : Uint16Array.of(70 * 257);
      const png = encode({ width: 1, height: 1, data, channels: 1, depth });
      for (const way of await bothWays(png, { ...small, size: [1, 1] }))
        assert.deepEqual([...way], [70, 70, 70]);
    }
  });

  it("puts the background behind what is transparent", async () => {
    // Opaque, half and clear: grey with alpha, and colours with alpha.
    const greys = encode({
      width: 3,
      height: 1,
      data: Uint8Array.of(0, 255, 0, 128, 0, 0),
      channels: 2,
      depth: 8,
    });
    const reds = encode({
      width: 3,
      height: 1,
      data: Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 128, 255, 0, 0, 0),
      channels: 4,
      depth: 8,
    });
    const preparation: PicturePreparation = { size: [1, 3], channels: 3, resize: "stretch", background: 200 };
    for (const way of await bothWays(greys, preparation)) {
      assert.ok(furthest(way, Uint8Array.of(0, 0, 0, 100, 100, 100, 200, 200, 200)) <= 1, way.join());
    }
    for (const way of await bothWays(reds, preparation)) {
      assert.ok(furthest(way, Uint8Array.of(255, 0, 0, 227, 100, 100, 200, 200, 200)) <= 1, way.join());
    }
  });

  it("is the right way up, however the camera was held", async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      // sharp turns a picture the other way round than it was held; turned back it is the first again.
      const turned = made().withMetadata({ orientation });
      for (const bytes of [
        await turned.clone().jpeg({ quality: 98 }).toBuffer(),
        await turned.png().toBuffer(),
      ]) {
        const upright = await sharp(bytes).autoOrient().png().toBuffer({ resolveWithObject: true });
        const size = [upright.info.height / 2, upright.info.width / 2] as const;
        const seen = await preparePicture(upright.data, { ...small, size });
        const prepared = await preparePicture(bytes, { ...small, size });
        assert.ok(furthest(prepared, seen) <= 1, `orientation ${orientation}`);
        if (bytes[0] !== 0x89) continue;
        const without = await prepareWith(undefined, bytes, { ...small, size });
        assert.ok(furthest(without, seen) <= 1, `orientation ${orientation} without sharp`);
      }
    }
  });

  it("comes to the same without sharp, in every way to resize, larger and smaller", async () => {
    const random = createRandom(5);
    const [width, height] = [61, 83];
    const noise = new Uint8Array(width * height * 3).map(() => random.below(256));
    const png = await made(noise, { width, height }).blur(1.5).png().toBuffer();
    for (const resize of ["crop", "fit", "stretch"] as const) {
      for (const size of [
        [20, 30],
        [40, 25],
        [100, 90],
      ] as const) {
        const [by, without] = await bothWays(png, { size, channels: 3, resize, background: 128 });
        const mean = by.reduce((sum, value, at) => sum + Math.abs(value - without[at]), 0) / by.length;
        assert.ok(mean < 2, `${resize} to ${size}: ${mean} apart on average`);
      }
    }
  });

  it("crops the middle, fits with a background on both sides", async () => {
    const stripes = new Uint8Array(30 * 10 * 3);
    for (let at = 0; at < 300; at++)
      stripes.fill(at % 30 < 10 ? 10 : at % 30 < 20 ? 100 : 250, at * 3, at * 3 + 3);
    const png = await made(stripes, { width: 30, height: 10 }).png().toBuffer();
    for (const way of await bothWays(png, { size: [10, 10], channels: 1, resize: "crop", background: 0 })) {
      assert.deepEqual([...way], Array(100).fill(100));
    }
    for (const way of await bothWays(png, { size: [30, 30], channels: 1, resize: "fit", background: 7 })) {
      const column = Array.from({ length: 30 }, (_, y) => way[y * 30 + 15]);
      assert.deepEqual(column, [...Array(10).fill(7), ...Array(10).fill(100), ...Array(10).fill(7)]);
    }
  });

  it("of one pixel, and of 30,000 in a row", async () => {
    for (const [width, height] of [
      [1, 1],
      [30_000, 1],
      [1, 30_000],
    ]) {
      const png = await sharp({ create: { width, height, channels: 3, background: "#405060" } })
        .png()
        .toBuffer();
      for (const resize of ["crop", "fit", "stretch"] as const) {
        for (const way of await bothWays(png, { size: [9, 7], channels: 3, resize, background: 0 })) {
          assert.equal(way.length, 9 * 7 * 3);
          assert.deepEqual([...way.subarray((4 * 7 + 3) * 3, (4 * 7 + 3) * 3 + 3)], [0x40, 0x50, 0x60]);
        }
      }
    }
  });

  it("refuses a preparation that can't be", async () => {
    const png = await made().png().toBuffer();
    await assert.rejects(preparePicture(png, { ...small, resize: "cover" as "crop" }), {
      name: "UsageError",
      message: /^preparePicture: resize must be one of "crop", "fit", "stretch", but is "cover"/,
    });
  });
});

describe("a picture to look at", () => {
  it("keeps its proportions, is no larger than asked for, and never enlarged", async () => {
    const bytes = await made().webp().toBuffer();
    const { width, height, data } = await displayPicture(bytes, 24);
    assert.deepEqual([width, height, data.length], [24, 16, 24 * 16 * 3]);
    assert.ok(furthest(data, expected) < 12);
    const whole = await displayPicture(bytes, 1000);
    assert.deepEqual([whole.width, whole.height], [madeSides.width, madeSides.height]);
  });
});
