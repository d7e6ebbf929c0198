import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type ConvolutionGeometry,
  dataGradientProduct,
  frameBytes,
  inInputPitch,
  prefersFrame,
} from "./convolution.js";
import type { Grid } from "./grid.js";
import type { ProductShape } from "./product.js";

const grid = (height: number, width: number, channels: number): Grid => ({
  height,
  width,
  pitch: width,
  channels,
});

/** A window that stays within an image. */
function valid(size: readonly [number, number], kernelSize: readonly [number, number], channels = 4) {
  const output = grid(size[0] - kernelSize[0] + 1, size[1] - kernelSize[1] + 1, channels);
  return { input: grid(...size, 8), output, kernelSize, strides: [1, 1], padding: [0, 0] } as const;
}

/** What a product makes of one sample's numbers, the first of them at byte `first`, in one block of channels. */
function computed(shape: ProductShape, from: readonly number[], first: number): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { pixels, segments } of shape.classes)
    for (const { a, out } of pixels) {
      const sums = Array<number>(8).fill(0);
      for (const segment of segments)
        for (let step = 0; step < segment.steps; step++)
          for (let channel = 0; channel < 8; channel++)
            sums[channel] +=
              from[(first + a + segment.a) / 4 + step] * weight(segment.b / 4 + step * 8 + channel);
      found.set(out, sums);
    }
  return found;
}

const weight = (at: number): number => (at % 13) - 6;

/** A sample's output gradient in a grid, zeros in all other places, `before` bytes into the array. */
function laidOut({ height, width, pitch, channels }: Grid, before: number): number[] {
  const numbers = Array<number>(before / 4 + height * pitch * channels).fill(0);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        numbers[before / 4 + (y * pitch + x) * channels + channel] = ((y * 31 + x * 7 + channel) % 17) - 8;
  return numbers;
}

describe("a data gradient over a framed output", () => {
  const geometries: ConvolutionGeometry[] = [
    valid([14, 14], [5, 5], 16),
    valid([6, 9], [3, 4]),
    valid([4, 7], [1, 7]),
    valid([9, 5], [9, 2]),
  ];
  for (const geometry of geometries)
    it(`is what it is without: ${geometry.kernelSize} over ${geometry.input.height}×${geometry.input.width}`, () => {
      const framed = { ...geometry, output: inInputPitch(geometry) };
      const before = frameBytes(geometry);
      assert.deepEqual(
        computed(dataGradientProduct(framed, true), laidOut(framed.output, before), before),
        computed(dataGradientProduct(geometry), laidOut(geometry.output, 0), 0),
      );
    });

  it("is for small maps, strides of one and no zeros around the image", () => {
    const small = valid([14, 14], [5, 5], 16);
    assert.equal(prefersFrame(small), true);
    assert.equal(prefersFrame(valid([14, 14], [5, 1], 16)), false, "a kernel of one column");
    assert.equal(prefersFrame(valid([140, 140], [3, 3])), false, "a map with little border");
    assert.equal(prefersFrame(valid([14, 14], [5, 5], 64)), false, "sums of parts");
    assert.equal(prefersFrame({ ...small, dilation: [1, 2], output: grid(10, 6, 16) }), false, "dilation");
    assert.equal(prefersFrame({ ...small, strides: [2, 2], output: grid(5, 5, 16) }), false, "strides");
    assert.equal(prefersFrame({ ...small, padding: [2, 2], output: grid(14, 14, 16) }), false, "padding");
  });
});
