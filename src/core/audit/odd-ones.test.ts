import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../random.js";
import { findOddOnes } from "./odd-ones.js";

const side = 16;

/** Colour images, each drawn pixel by pixel. */
function poolOf(pictures: readonly ((row: number, column: number, channel: number) => number)[]) {
  const size = side * side * 3;
  const images = Uint8Array.from({ length: pictures.length * size }, (_, at) => {
    const [pixel, channel] = [Math.floor((at % size) / 3), at % 3];
    return pictures[Math.floor(at / size)](Math.floor(pixel / side), pixel % side, channel);
  });
  const count = pictures.length;
  const parts = [{ name: "train", first: 0, count }] as const;
  return { count, images, shape: [side, side, 3], labels: new Uint8Array(count), classNames: ["a"], parts };
}

describe("findOddOnes", () => {
  const oddOnes = (pool: Parameters<typeof findOddOnes>[0]) => findOddOnes(pool, 1, async () => {});
  const random = createRandom(3);
  /** A spot somewhere near the middle, on grey. */
  const usual = () => {
    const [y, x] = [6 + 4 * random.uniform(), 6 + 4 * random.uniform()];
    return (row: number, column: number) => 40 + 180 * Math.exp(-((row - y) ** 2 + (column - x) ** 2) / 20);
  };
  const stripes = (row: number): number => (row % 4 < 2 ? 240 : 30);

  it("names images of one colour, almost black, almost white and like no other, and none else", async () => {
    const pool = poolOf([
      ...Array.from({ length: 60 }, usual),
      stripes,
      (_row, _column, channel) => [200, 30, 30][channel],
      (row) => row,
      (row) => 255 - row,
    ]);
    assert.deepEqual(
      (await oddOnes(pool)).map(({ kind, image }) => [kind, image]),
      [
        ["oneColour", 61],
        ["dark", 62],
        ["bright", 63],
        ["unlike", 60],
      ],
    );
    const [plain, dark, , unlike] = await oddOnes(pool);
    assert.ok(Math.abs(plain.score - 260 / 3) < 1e-9 && dark.score === 7.5);
    assert.ok(unlike.score > 0.5 && unlike.score <= 2, `${unlike.score}`);
  });

  it("names none of images that are all alike, and none of none", async () => {
    assert.deepEqual(await oddOnes(poolOf(Array.from({ length: 20 }, () => stripes))), []);
    assert.deepEqual(await oddOnes(poolOf([stripes])), []);
    assert.deepEqual(await oddOnes(poolOf([])), []);
  });

  it("ends with what is thrown between two images", async () => {
    const stop = new Error("stop");
    await assert.rejects(
      findOddOnes(poolOf([stripes]), 1, () => Promise.reject(stop)),
      stop,
    );
  });
});
