import assert from "node:assert/strict";
import { it } from "node:test";
import { chosenImages } from "./chosen-images.js";

const all = Uint8Array.from({ length: 5 * 6 }, (_, place) => place);
const shape = [2, 1, 3];
const indices = Uint32Array.of(4, 0, 4);
const wanted = [24, 25, 26, 27, 28, 29, 0, 1, 2, 3, 4, 5, 24, 25, 26, 27, 28, 29];

async function* some(order: Uint32Array, lost = 0): AsyncGenerator<Uint8Array> {
  for (const index of order.subarray(lost)) yield all.subarray(index * 6, index * 6 + 6);
}

it("chooses images in memory and such as come, in the order asked for", async () => {
  assert.deepEqual([...(await chosenImages(all, shape, indices))], wanted);
  assert.deepEqual([...(await chosenImages(some, shape, indices))], wanted);
});

it("says so where a source gives too few or too many", async () => {
  const few = (order: Uint32Array) => some(order, 1);
  await assert.rejects(
    chosenImages(few, shape, indices),
    /^HeddleError: A source gave 12 bytes where images of 18/,
  );
  const many = () => some(Uint32Array.of(0, 1, 2, 3));
  await assert.rejects(chosenImages(many, shape, indices), /gave 24 bytes where images of 18 were asked for/);
});
