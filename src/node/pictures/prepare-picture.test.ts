import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { preparePicture, prepareWith } from "./prepare-picture.js";
import { colours, furthest, made } from "./testing/made-pictures.js";

const small: PicturePreparation = { size: [16, 24], channels: 3, resize: "stretch", background: 255 };
const expected = colours({ width: 24, height: 16 });

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
});
