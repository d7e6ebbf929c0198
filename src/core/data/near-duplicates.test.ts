import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../random.js";
import { findNearDuplicates, nearDuplicateGroups } from "./near-duplicates.js";

const side = 40;
const channels = 3;
const shape = [side, side, channels];
const size = side * side * channels;

/** A picture of a few soft spots of colour. */
function spots(seed: number): Uint8Array {
  const random = createRandom(seed);
  const all = Array.from({ length: 12 }, () => ({
    y: random.below(side),
    x: random.below(side),
    radius: 3 + random.below(8),
    colour: [random.below(200), random.below(200), random.below(200)],
  }));
  const pixels = new Uint8Array(size).fill(230);
  for (const { y, x, radius, colour } of all)
    for (let at = 0; at < size; at++) {
      const [row, column, channel] = [
        Math.floor(at / channels / side),
        Math.floor(at / channels) % side,
        at % channels,
      ];
      const weight = Math.exp(-((row - y) ** 2 + (column - x) ** 2) / radius ** 2);
      pixels[at] = Math.round(pixels[at] * (1 - weight) + colour[channel] * weight);
    }
  return pixels;
}

const changed = (pixels: Uint8Array, change: (value: number, at: number) => number): Uint8Array =>
  Uint8ClampedArray.from(pixels, change) as unknown as Uint8Array;

const moved = (pixels: Uint8Array, down: number, across: number): Uint8Array =>
  pixels.map((_, at) => {
    const [row, column] = [Math.floor(at / channels / side), Math.floor(at / channels) % side];
    const from = (value: number): number => Math.max(0, Math.min(side - 1, value));
    return pixels[(from(row - down) * side + from(column - across)) * channels + (at % channels)];
  });

const mirror = (pixels: Uint8Array): Uint8Array =>
  pixels.map((_, at) => {
    const pixel = Math.floor(at / channels);
    const column = pixel % side;
    return pixels[(pixel - column + side - 1 - column) * channels + (at % channels)];
  });

function together(pictures: readonly Uint8Array[]): Uint8Array {
  const images = new Uint8Array(pictures.length * size);
  for (const [index, picture] of pictures.entries()) images.set(picture, index * size);
  return images;
}

describe("findNearDuplicates", () => {
  const noise = createRandom(9);
  const copies: readonly [string, (pixels: Uint8Array) => Uint8Array][] = [
    ["the same bytes", (pixels) => pixels.slice()],
    ["darker and flatter", (pixels) => changed(pixels, (value) => 20 + value * 0.7)],
    ["noise", (pixels) => changed(pixels, (value) => value + 4 * noise.normal())],
    ["coarser levels", (pixels) => changed(pixels, (value) => 8 * Math.round(value / 8))],
    ["a pixel further", (pixels) => moved(pixels, 0, 1)],
    ["a pixel up", (pixels) => moved(pixels, -1, 0)],
    ["the mirror image", mirror],
  ];

  it("knows a picture again in every changed copy, and no two others", async () => {
    const pictures = Array.from({ length: 30 }, (_, seed) => spots(seed));
    const images = together([...pictures, ...copies.map(([, copy], index) => copy(pictures[2 * index]))]);
    const count = pictures.length + copies.length;
    const { groups, pairs } = await findNearDuplicates(images, { count, shape });
    for (const [index, [name]] of copies.entries())
      assert.equal(groups[pictures.length + index], 2 * index, name);
    assert.deepEqual(Array.from(groups.subarray(0, 30)), Array.from(pictures.keys()));
    assert.deepEqual(
      pairs.map(({ first, second, exact, mirrored }) => [first, second, exact, mirrored]),
      copies.map((_, index) => [2 * index, 30 + index, index === 0, index === copies.length - 1]),
    );
    assert.equal(pairs[0].distance, 0);
    assert.ok(pairs.every(({ distance }) => distance <= 0.12));
  });

  it("takes nothing for a copy where all look alike: it would have to stand out", async () => {
    const picture = spots(1);
    const random = createRandom(4);
    // Near to each other, all of them, and one pair that is much nearer.
    const pictures = Array.from({ length: 12 }, () =>
      changed(picture, (value) => value + 2.5 * random.normal()),
    );
    const twin = changed(pictures[3], (value) => value + 0.4 * random.normal());
    const { pairs } = await findNearDuplicates(together([...pictures, twin]), { count: 13, shape });
    assert.deepEqual(
      pairs.map(({ first, second }) => [first, second]),
      [[3, 12]],
    );
    const few = await findNearDuplicates(together(pictures.slice(0, 4)), { count: 4, shape });
    assert.ok(
      few.pairs.length > 0 && few.pairs.every(({ distance }) => distance > 0.02),
      "the others are near enough",
    );
  });

  it("counts a neighbour once that is as near in the mirror", async () => {
    const random = createRandom(4);
    const symmetric = (pixels: Uint8Array): Uint8Array => {
      const other = mirror(pixels);
      return changed(pixels, (value, at) => (value + other[at]) / 2);
    };
    const picture = symmetric(spots(1));
    const pictures = Array.from({ length: 5 }, () =>
      symmetric(changed(picture, (value) => value + 2 * random.normal())),
    );
    const of = { count: pictures.length, shape };
    const all = [0, 1, 2, 3, 4].flatMap((first) =>
      [...Array(4 - first).keys()].map((k) => [first, first + 1 + k]),
    );
    for (const mirrored of [true, false]) {
      const { pairs } = await findNearDuplicates(together(pictures), of, { mirrored });
      // Each has four others around it, and no fifth that it would have to stand out among.
      assert.deepEqual(
        pairs.map(({ first, second }) => [first, second]),
        all,
        `mirrored ${mirrored}`,
      );
      assert.ok(
        pairs.every(({ distance }) => distance > 0.02),
        "not alike whatever lies around",
      );
    }
  });

  it("joins what is joined by a third, and compares images of one colour by their bytes alone", async () => {
    const plain = (level: number): Uint8Array => new Uint8Array(size).fill(level);
    const first = spots(5);
    const images = together([plain(7), first, plain(7), plain(8), first, mirror(first), spots(6)]);
    const groups = await nearDuplicateGroups(images, { count: 7, shape });
    assert.deepEqual(Array.from(groups), [0, 1, 0, 2, 1, 1, 3]);
    const exact = await nearDuplicateGroups(images, { count: 7, shape }, { near: false });
    assert.deepEqual(Array.from(exact), [0, 1, 0, 2, 1, 3, 4]);
    const apart = await nearDuplicateGroups(images, { count: 7, shape }, { mirrored: false });
    assert.deepEqual(apart, exact);
  });

  it("joins hundreds of pictures that are next to the same", async () => {
    const tiny = [8, 8, 1];
    const random = createRandom(5);
    const base = Uint8Array.from({ length: 64 }, () => random.below(200));
    // A fixed camera's: more pairs than a call takes arguments.
    const count = 600;
    const images = Uint8Array.from({ length: count * 64 }, (_, at) =>
      at % 64 === Math.floor(at / 64) % 64 ? base[at % 64] + 1 + (Math.floor(at / 4096) % 8) : base[at % 64],
    );
    const { groups, pairs } = await findNearDuplicates(images, { count, shape: tiny });
    assert.ok(groups.every((group) => group === 0));
    assert.ok(pairs.length > 125_000, `${pairs.length}`);
  });

  it("compares images that have next to no details by their bytes alone", async () => {
    const random = createRandom(2);
    for (const shape of [
      [1, 28, 1],
      [2, 2, 1],
      [3, 3, 1],
    ]) {
      const size = shape[0] * shape[1];
      const images = Uint8Array.from({ length: 400 * size }, () => random.below(256));
      images.copyWithin(399 * size, 0, size);
      const { pairs } = await findNearDuplicates(images, { count: 400, shape });
      assert.ok(
        pairs.some(({ first, second }) => first === 0 && second === 399) && pairs.every(({ exact }) => exact),
        `${shape}`,
      );
    }
  });

  it("works on images of any size, and on none", async () => {
    for (const one of [
      [1, 1, 1],
      [2, 1, 3],
      [3, 17, 1],
      [9, 4, 2],
    ]) {
      const bytes = one[0] * one[1] * one[2];
      const images = Uint8Array.from({ length: 3 * bytes }, (_, at) =>
        at < bytes || at >= 2 * bytes ? (at % bytes) * 3 : 255,
      );
      const groups = await nearDuplicateGroups(images, { count: 3, shape: one });
      assert.deepEqual(Array.from(groups), [0, 1, 0], String(one));
    }
    assert.deepEqual(await findNearDuplicates(new Uint8Array(), { count: 0, shape }), {
      groups: new Uint32Array(),
      pairs: [],
    });
  });

  it("tells how far it is, and ends with what that throws", async () => {
    const images = together([spots(1), spots(2)]);
    const told: [number, number][] = [];
    const onProgress = (done: number, count: number): void => void told.push([done, count]);
    await findNearDuplicates(images, { count: 2, shape }, { onProgress });
    assert.deepEqual(told, [
      [0, 2],
      [2, 2],
    ]);
    const stop = new Error("stop");
    await assert.rejects(
      findNearDuplicates(images, { count: 2, shape }, { onProgress: () => Promise.reject(stop) }),
      stop,
    );
  });

  it("refuses what are no images of the shape", async () => {
    await assert.rejects(
      findNearDuplicates(new Uint8Array(5), { count: 2, shape: [1, 2, 1] }),
      /2 images of \[1, 2, 1\] are 4 bytes, but 5 were given/,
    );
    await assert.rejects(
      findNearDuplicates([1, 2] as never, { count: 2, shape: [1, 1, 1] }),
      /images must be a Uint8Array/,
    );
  });
});
