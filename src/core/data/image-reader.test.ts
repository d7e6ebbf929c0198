import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.js";
import { type ImageReader, readImages, readStream } from "./image-reader.js";
import { pickImages } from "./pick-images.js";

const imageShape = [1, 2, 3];
const size = 6;
const images = Uint8Array.from({ length: 40 * size }, (_, at) => at);
const options = { place: "these images", imageShape, platform: nodePlatform };

async function readAll(reader: ImageReader): Promise<Uint8Array[]> {
  const batches: Uint8Array[] = [];
  for (;;) {
    const batch = await reader.next();
    if (batch.length === 0) return batches;
    batches.push(batch.slice());
  }
}

const joined = (batches: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(batches));

describe("images that are read", () => {
  it("come in order and in batches, in whatever pieces they are given", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(39), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }),
        async (indices, batch, pieces) => {
          const order = Uint32Array.from(indices);
          const expected = pickImages(images, size, order);
          function* inPieces(given: Uint32Array): Generator<Uint8Array> {
            const room = new Uint8Array(30 * size);
            for (let first = 0, piece = 0; first < given.length; piece++) {
              const chosen = given.subarray(first, first + pieces[piece % pieces.length]);
              yield pickImages(images, size, chosen, room).subarray(0, chosen.length * size);
              first += chosen.length;
            }
          }
          const readers = [
            readImages(images, order, { ...options, batch }),
            readImages(inPieces, order, { ...options, batch }),
            readStream(inPieces(order), { ...options, batch }),
          ];
          for (const reader of readers) {
            const batches = await readAll(reader);
            assert.deepEqual(joined(batches), expected);
            const lengths = batches.map(({ length }) => length / size);
            assert.ok(lengths.slice(0, -1).every((length) => length === batch));
            assert.equal(lengths.length, Math.ceil(order.length / batch));
            assert.equal((await reader.next()).length, 0, "and none again");
            await reader.close();
          }
        },
      ),
    ));

  it("are gathered while those before are in use, which stay until the next are asked for", async () => {
    let given = 0;
    const reader = readImages(
      function* (order) {
        for (const index of order) {
          given++;
          yield images.subarray(index * size, (index + 1) * size);
        }
      },
      Uint32Array.from({ length: 12 }, (_, index) => index),
      // No time goes by, so that nothing but being used holds it up.
      { ...options, platform: { ...nodePlatform, now: () => 0 }, batch: 4 },
    );
    const first = await reader.next();
    await nodePlatform.yield();
    assert.equal(given, 8);
    assert.deepEqual(first, images.slice(0, 4 * size));
    const second = await reader.next();
    await nodePlatform.yield();
    assert.equal(given, 12);
    assert.deepEqual(second, images.slice(4 * size, 8 * size));
    await reader.close();
  });

  it("that fail are no unheard rejection where nobody asks for them", async () => {
    const reader = readImages(
      () => {
        throw new Error("there are none");
      },
      Uint32Array.of(1),
      { ...options, batch: 4 },
    );
    await nodePlatform.yield();
    await assert.rejects(async () => reader.next(), {
      name: "SourceError",
      message: "these images failed after 0 images: there are none.",
    });
    await reader.close();
  });

  it("say so where a piece was taken away before all of it was read", async () => {
    for (const read of ["in order", "as they come"]) {
      const piece = images.slice();
      const order = Uint32Array.from({ length: 40 }, (_, index) => index);
      const given = { ...options, batch: 8 };
      const reader =
        read === "in order" ? readImages(() => [piece], order, given) : readStream([piece], given);
      assert.equal((await reader.next()).length, 8 * size);
      structuredClone(piece.buffer, { transfer: [piece.buffer] });
      await assert.rejects(
        async () => {
          for (let batch = 0; batch < 3; batch++) await reader.next();
        },
        { name: "UsageError", message: /^these images were taken away before they were all read/ },
      );
      await reader.close();
    }
  });

  it("say so where their memory was given away", () => {
    const own = images.slice();
    const reader = readImages(own, Uint32Array.of(1, 2), { ...options, batch: 1 });
    reader.next();
    structuredClone(own.buffer, { transfer: [own.buffer] });
    assert.throws(() => reader.next(), {
      name: "UsageError",
      message: /^these images were taken away before/,
    });
  });
});
