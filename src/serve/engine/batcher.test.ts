import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { Batcher } from "./batcher.js";

/** Two numbers of an image of two bytes: their sum, and how many were there together. */
const answersOf = (images: Uint8Array): Float32Array => {
  const found = new Float32Array(images.length);
  for (let at = 0; at < images.length; at += 2) {
    found[at] = images[at] + images[at + 1];
    found[at + 1] = images.length / 2;
  }
  return found;
};

const sums = (found: Float32Array): number[] => [...found].filter((_, at) => at % 2 === 0);

/** A batcher whose batches end when they are told to. */
function held(mostTogether: number) {
  const going: { readonly images: number; end(error?: Error): void }[] = [];
  const batcher = new Batcher({
    imageSize: 2,
    classes: 2,
    mostTogether,
    patience: 0,
    run: (images) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void => (error ? reject(error) : resolve(answersOf(images)));
        going.push({ images: images.length / 2, end });
      }),
  });
  return { batcher, going };
}

const images = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((value) => [value, 1]));

describe("a line of images", () => {
  it("gives everybody their own answers, whoever comes when", async () => {
    const callers = fc.array(fc.tuple(fc.array(fc.nat(200), { minLength: 1, maxLength: 9 }), fc.nat(3)), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(
        callers,
        fc.integer({ min: 1, max: 6 }),
        fc.nat(2),
        async (calls, mostTogether, patience) => {
          let working = 0;
          const batcher = new Batcher({
            imageSize: 2,
            classes: 2,
            mostTogether,
            patience,
            run: async (batch) => {
              assert.ok(batch.length / 2 <= mostTogether && ++working <= 2);
              await sleep(1);
              working--;
              return answersOf(batch);
            },
          });
          await Promise.all(
            calls.map(async ([values, delay]) => {
              await sleep(delay);
              const found = await batcher.predict(images(...values));
              assert.deepEqual(
                sums(found),
                values.map((value) => value + 1),
              );
            }),
          );
          await batcher.drained();
          assert.equal(batcher.waiting, 0);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("gathers while a batch is worked on, and sends a full one on before its turn", async () => {
    const { batcher, going } = held(4);
    const found = [batcher.predict(images(1)), batcher.predict(images(2)), batcher.predict(images(3))];
    assert.deepEqual(
      going.map((batch) => batch.images),
      [1],
    );
    assert.equal(batcher.waiting, 2);
    found.push(batcher.predict(images(4, 5)));
    assert.deepEqual(
      going.map((batch) => batch.images),
      [1, 4],
    );
    found.push(batcher.predict(images(6, 7, 8, 9, 10)));
    assert.equal(going.length, 2, "two are on their way at most");
    for (let at = 0; at < going.length; at++) {
      going[at].end();
      await sleep(0);
    }
    assert.deepEqual(
      going.map((batch) => batch.images),
      [1, 4, 4, 1],
    );
    assert.deepEqual((await Promise.all(found)).map(sums), [[2], [3], [4], [5, 6], [7, 8, 9, 10, 11]]);
  });

  it("leaves out who gives up, and those alone whose batch fails", async () => {
    const { batcher, going } = held(2);
    const first = batcher.predict(images(1));
    const controller = new AbortController();
    const gone = batcher.predict(images(2), controller.signal);
    const last = batcher.predict(images(3));
    // Three images of which two would have been a full batch.
    assert.equal(going.length, 2);
    const late = batcher.predict(images(4), controller.signal);
    assert.equal(batcher.waiting, 1);
    controller.abort(new Error("gone"));
    assert.equal(batcher.waiting, 0);
    await assert.rejects(late, /gone/);
    await assert.rejects(gone, /gone/);
    await assert.rejects(batcher.predict(images(5), controller.signal), /gone/);
    going[0].end(new Error("broken"));
    await assert.rejects(first, /broken/);
    going[1].end();
    assert.deepEqual(sums(await last), [4]);
    await batcher.drained();
  });
});
