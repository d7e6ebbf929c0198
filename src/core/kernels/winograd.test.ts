import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic } from "./arithmetic.js";
import { gridBytes } from "./grid.js";
import { kernelBench } from "./testing/kernel-bench.js";
import { borderedInput, emitFrame, emitUnframe, type WinogradShape } from "./winograd.js";
import { winograd2, winograd4 } from "./winograd-transforms.js";

const channels = 8;

/** Of an input of 5 × 6 pixels, as far as so many outputs and a padding make its frame. */
function shapeOf(
  outputs: readonly [number, number],
  padding: readonly [number, number],
  transform = winograd2,
): WinogradShape {
  const [height, width] = outputs;
  const tiles = outputs.map((size) => Math.ceil(size / transform.outputs));
  return {
    transform,
    geometry: {
      input: { height: 5, width: 6, pitch: 6, channels },
      output: { height, width, pitch: width, channels },
      kernelSize: [3, 3],
      strides: [1, 1],
      padding,
    },
    tilesDown: tiles[0],
    tilesAcross: tiles[1],
    last: {
      rows: height - (tiles[0] - 1) * transform.outputs,
      columns: width - (tiles[1] - 1) * transform.outputs,
    },
  };
}

const image = 1024;
const frame = 65_536;
const guard = 77;

const cases: readonly [string, WinogradShape][] = [
  ["zeros all around", shapeOf([5, 6], [1, 1], winograd4)],
  ["nothing before and much behind", shapeOf([8, 8], [0, 0])],
  ["no row behind the last", shapeOf([4, 6], [1, 2])],
  ["a map that a pool cut short", shapeOf([2, 2], [1, 1])],
  ["no column in common", shapeOf([2, 2], [1, 40])],
  ["no row in common", shapeOf([2, 2], [9, 1])],
];

describe("an image's frame", () => {
  for (const [what, shape] of cases) {
    const { input, padding } = shape.geometry;
    const grid = borderedInput(shape)!;
    /** The image's number that belongs at a frame's pixel; undefined of the zeros. */
    const placeOf = (y: number, x: number, channel: number): number | undefined => {
      const [row, column] = [y - padding[0], x - padding[1]];
      const inside = row >= 0 && row < input.height && column >= 0 && column < input.width;
      return inside ? (row * input.width + column) * channels + channel : undefined;
    };
    const places = Array.from({ length: gridBytes(grid) / 4 }, (_, at) =>
      placeOf(Math.floor(at / channels / grid.width), Math.floor(at / channels) % grid.width, at % channels),
    );
    const count = gridBytes(input) / 4;

    it(`is filled whole, and nothing beside it: ${what}`, () => {
      const { floats, run } = kernelBench(portableArithmetic, (emitter) => emitFrame(emitter, shape));
      floats.fill(guard);
      for (let at = 0; at < count; at++) floats[image / 4 + at] = at + 1;
      run({ image, to: frame });
      const end = frame / 4 + places.length;
      assert.deepEqual(
        [...floats.subarray(frame / 4, end)],
        places.map((place) => (place === undefined ? 0 : place + 1)),
      );
      assert.ok(floats.subarray(image / 4 + count, frame / 4).every((value) => value === guard));
      assert.ok(floats.subarray(end).every((value) => value === guard));
    });

    for (const adds of [false, true])
      it(`is taken off again${adds ? " and added" : ""}: ${what}`, () => {
        const { floats, run } = kernelBench(portableArithmetic, (emitter) =>
          emitUnframe(emitter, shape, adds),
        );
        floats.fill(guard);
        const expected = new Float32Array(count).fill(adds ? guard : 0);
        places.forEach((place, at) => {
          floats[frame / 4 + at] = at + 1;
          if (place !== undefined) expected[place] += at + 1;
        });
        run({ frame, image });
        assert.deepEqual(floats.slice(image / 4, image / 4 + count), expected);
        assert.ok(floats.subarray(0, image / 4).every((value) => value === guard));
        assert.ok(floats.subarray(image / 4 + count, frame / 4).every((value) => value === guard));
      });
  }
});
