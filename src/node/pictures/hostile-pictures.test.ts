import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { PictureError } from "./picture-error.js";
import { mostBytes } from "./picture-format.js";
import { decodePng } from "./png.js";
import { preparePicture, prepareWith } from "./prepare-picture.js";
import { loadSharp } from "./sharp-decoder.js";
import { made } from "./testing/made-pictures.js";

const preparation: PicturePreparation = { size: [4, 4], channels: 3, resize: "crop", background: 255 };

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** A PNG chunk, its checksum right. */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(content.length + 12);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), content.length + 8);
  return bytes;
}

/** A PNG that says it has these sides. */
function png(
  width: number,
  height: number,
  pixels: Uint8Array,
  { depth = 8, colour = 0, besides = [] as Uint8Array[] } = {},
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, 0], 8);
  const start = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const chunks = [
    chunk("IHDR", header),
    ...besides,
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", new Uint8Array()),
  ];
  return Buffer.concat([start, ...chunks]);
}

const ftyp = (brand: string): Uint8Array =>
  Buffer.concat([
    Buffer.of(0, 0, 0, 20),
    Buffer.from(`ftyp${brand}\0\0\0\0${brand}`, "latin1"),
    Buffer.alloc(100),
  ]);

describe("what is no picture that is read", () => {
  const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["nothing", new Uint8Array(), /^it is empty$/],
    [
      "SVG",
      text('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
      /^it is SVG, HTML/,
    ],
    [
      "SVG behind a declaration",
      text('\ufeff<?xml version="1.0"?><svg/>'),
      /^it is SVG, HTML or other markup, expected JPEG, PNG, WebP or AVIF$/,
    ],
    ["HTML", text("\n <!DOCTYPE html><title>404</title>"), /^it is SVG, HTML/],
    ["GIF", text("GIF89a and so on"), /^it is a GIF, expected/],
    ["TIFF", text("II*\0 and so on"), /^it is a TIFF/],
    ["HEIC", ftyp("heic"), /^it is HEIC/],
    ["PDF", text("%PDF-1.7"), /^it is a PDF/],
    ["a few bytes", Uint8Array.of(0xff), /^it is no picture that can be read/],
    ["other text", text("hello, world"), /^it is no picture that can be read/],
    [
      "one that begins as WebP and goes on as SVG",
      text("RIFF    WEBP<svg xmlns='http://www.w3.org/2000/svg'/>"),
      /^it is a damaged WebP/,
    ],
    ["one that begins as AVIF", ftyp("avif"), /^it is a damaged AVIF/],
  ];
  for (const [name, bytes, reason] of refused) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(preparePicture(bytes, preparation), (error: unknown) => {
        assert.ok(error instanceof PictureError);
        assert.match(error.reason, reason);
        assert.match(error.message, /^The picture can't be used: it .*\.$/);
        return true;
      });
    });
  }

  it("refuses a file that is too large before it is looked at", async () => {
    // Its pages are never touched.
    await assert.rejects(preparePicture(new Uint8Array(mostBytes + 1), preparation), /its file has 513 MiB/);
  });

  it("says what to install where sharp isn't", async () => {
    await assert.rejects(prepareWith(undefined, await made().jpeg().toBuffer(), preparation), {
      name: "HeddleError",
      message: /^JPEG pictures are read by the package sharp, .* Install it with `npm install sharp`/,
    });
  });
});

describe("pictures that are damaged", () => {
  it("fail where they are cut off, in every format", async () => {
    const whole = {
      JPEG: await made().jpeg().toBuffer(),
      "progressive JPEG": await made().jpeg({ progressive: true }).toBuffer(),
      PNG: await made().png().toBuffer(),
      WebP: await made().webp({ lossless: true }).toBuffer(),
      AVIF: await made().avif({ effort: 0 }).toBuffer(),
    };
    for (const [name, bytes] of Object.entries(whole)) {
      for (const share of [0.1, 0.5, 0.9]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await assert.rejects(preparePicture(cut, preparation), PictureError, `${name}, ${share} of it`);
      }
    }
    await assert.rejects(prepareWith(undefined, whole.PNG.subarray(0, -20), preparation), /cut off/);
  });

  const pngs: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      "says that it has more pixels than are decoded",
      png(60_000, 60_000, new Uint8Array(9)),
      /60000 × 60000 pixels/,
    ],
    [
      "says that it has 2³¹ columns",
      png(2 ** 31 - 1, 2 ** 31 - 1, new Uint8Array(9)),
      /it (says|is a damaged)/,
    ],
    ["has no pixels", png(0, 5, new Uint8Array(9)), /it is a damaged PNG/],
    [
      "has fewer pixels than it says",
      png(100, 100, new Uint8Array(101 * 50)),
      /it is (cut off|a damaged PNG)/,
    ],
    ["has a depth that none has", png(2, 2, new Uint8Array(6), { depth: 3 }), /it is a damaged PNG/],
    ["has a filter that doesn't exist", png(2, 1, Uint8Array.of(9, 1, 1)), /it is a damaged PNG/],
  ];
  for (const [name, bytes, reason] of pngs) {
    it(`refuse a PNG that ${name}, with and without sharp`, async () => {
      for (const decoder of [undefined, await loadSharp()]) {
        await assert.rejects(prepareWith(decoder, bytes, preparation), (error: unknown) => {
          assert.ok(error instanceof PictureError, String(error));
          assert.match(error.reason, reason);
          return true;
        });
      }
    });
  }

  it("unpack no more than a PNG's header speaks of, and nothing beside its pixels", async () => {
    const bomb = deflateSync(new Uint8Array(2 ** 24));
    const profile = Buffer.concat([text("icc\0\0"), bomb]);
    assert.throws(() => decodePng(png(2, 2, new Uint8Array(2 ** 24)), 0), /can't be unpacked/);
    const { data } = decodePng(png(1, 1, Uint8Array.of(0, 7), { besides: [chunk("iCCP", profile)] }), 0);
    assert.deepEqual([...data], [7, 7, 7]);
  });

  it("never give anything but pixels or a PictureError, whatever byte was changed", async () => {
    const whole = {
      png: await made().png({ progressive: true }).toBuffer(),
      jpeg: await made().jpeg().toBuffer(),
    };
    const sharp = await loadSharp();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("png", "jpeg", "own"),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (kind, changes) => {
          const bytes = Uint8Array.from(whole[kind === "jpeg" ? "jpeg" : "png"]);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          try {
            const decoder = kind === "own" ? undefined : sharp;
            assert.equal((await prepareWith(decoder, bytes, preparation)).length, 48);
          } catch (error) {
            assert.ok(error instanceof PictureError, String(error));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
