import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readZipDirectory } from "../../core/data/formats/zip-directory.js";
import { HeddleError } from "../../core/errors.js";
import { itSurvivesDamage } from "../../testing/damaged.js";
import { encodeZip, type ZipContent } from "../../testing/encode-zip.js";
import { bytesOf, numpyFixture } from "../../testing/numpy-fixture.js";
import { unzip } from "./zip.js";

const some: readonly ZipContent[] = [
  { name: "a.npy", bytes: Uint8Array.from({ length: 500 }, (_, place) => place & 7), deflate: true },
  { name: "b.npy", bytes: Uint8Array.of(1, 2, 3) },
  { name: "empty", bytes: new Uint8Array(0), deflate: true },
];

async function readAll(bytes: Uint8Array): Promise<[string, Uint8Array][]> {
  const read: [string, Uint8Array][] = [];
  for (const entry of readZipDirectory(bytes, "x.npz")) {
    read.push([entry.name, new Uint8Array(await unzip(entry, `${entry.name} in x.npz`))]);
  }
  return read;
}

describe("a ZIP archive", () => {
  for (const [what, options] of Object.entries({
    plain: {},
    "with a comment": { comment: "PK\x05\x06 not yet" },
    "of 64 bits": { wide: true },
  })) {
    it(`${what} is read`, async () => {
      const read = await readAll(encodeZip(some, options));
      assert.deepEqual(
        read,
        some.map(({ name, bytes }) => [name, bytes]),
      );
    });
  }

  it("is read as NumPy wrote it", async () => {
    for (const base64 of [numpyFixture.savez, numpyFixture.savez_compressed]) {
      const names = (await readAll(bytesOf(base64))).map(([name]) => name);
      assert.deepEqual(names, ["x_train.npy", "y_train.npy"]);
    }
  });

  it("survives damage in its directory", () => {
    for (const wide of [false, true]) {
      itSurvivesDamage(encodeZip(some, { wide }), (bytes) => readZipDirectory(bytes, "x.npz"));
    }
  });

  it("with any byte of a content changed is refused", async () => {
    const good = encodeZip(some.slice(0, 1));
    const [{ packed }] = readZipDirectory(good, "x.npz");
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const bytes = good.slice();
        bytes[packed.byteOffset + place] ^= change;
        const read = await readAll(bytes).catch((error: unknown) => error);
        // Deflate has bits that nothing depends on: then the content is whole.
        if (read instanceof Error) assert.ok(read instanceof HeddleError, read.stack);
        else assert.deepEqual(read, [[some[0].name, some[0].bytes]]);
      }),
      { numRuns: 100 },
    );
  });

  const zeros = new Uint8Array(2 ** 20);
  const bad: readonly [string, Uint8Array, RegExp][] = [
    ["cut off", encodeZip(some).slice(0, -30), /x\.npz is damaged: the end of its directory is missing/],
    ["of other bytes", new Uint8Array(100), /end of its directory is missing/],
    [
      "with a content that unpacks to more than it says",
      encodeZip([{ name: "a", bytes: zeros, deflate: true, size: 10 }]),
      /a in x\.npz is damaged: it unpacks to more than the 10 bytes/,
    ],
    [
      "with a content that unpacks to less",
      encodeZip([{ name: "a", bytes: zeros, deflate: true, size: 2 ** 20 + 1 }]),
      /unpacks to 1048576 bytes, and its directory says 1048577/,
    ],
    [
      "that would unpack to far more than it has",
      encodeZip([{ name: "a", bytes: zeros, deflate: true, size: 2 ** 30 }]),
      /a in x\.npz unpacks to more than 67108864 bytes, .* unpack it first/,
    ],
    [
      "of 64 bits that says more than any memory",
      encodeZip([{ name: "a", bytes: zeros, deflate: true, size: 2 ** 52 }], { wide: true }),
      /unpacks to more than 67108864 bytes/,
    ],
    [
      "with a wrong checksum",
      encodeZip([{ name: "a", bytes: Uint8Array.of(1), crc32: 7 }]),
      /its checksum \(CRC\) does not match/,
    ],
    ["with one name twice", encodeZip([some[0], some[0]]), /a\.npy is in it twice/],
    ["with an encrypted content", encodeZip([{ ...some[1], flags: 1 }]), /b\.npy in it is encrypted/],
    [
      "packed in another way",
      encodeZip([{ ...some[1], method: 14 }]),
      /packed by method 14; expected stored or deflated/,
    ],
  ];
  for (const [what, bytes, message] of bad) {
    it(`${what} is refused`, async () => {
      await assert.rejects(readAll(bytes), { name: "HeddleError", message });
    });
  }
});
