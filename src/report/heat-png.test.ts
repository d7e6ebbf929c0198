import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode } from "fast-png";
import type { HeatMaps } from "../core/explain/index.js";
import { heatPng } from "./heat-png.js";

const maps: HeatMaps = {
  count: 2,
  height: 2,
  width: 3,
  values: Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
  classIndexes: Uint32Array.of(0, 1),
  method: "gradCam",
};
const grey = new Uint8Array(6).fill(100);

describe("a heat map as a PNG", () => {
  it("is over an image of its own size, grey or in colour", () => {
    const cold = decode(heatPng(grey, maps));
    assert.deepEqual([cold.width, cold.height, cold.channels], [3, 2, 3]);
    assert.deepEqual([...cold.data], Array(18).fill(100));
    const hot = decode(heatPng(new Uint8ClampedArray(18).fill(100), maps, 1)).data;
    assert.ok(hot[0] > 130 && hot[1] < 40, "dark red where there is most");
    assert.deepEqual([...hot.slice(15)], [100, 100, 100]);
  });

  it("is drawn over the whole of a larger picture", () => {
    const picture = { width: 9, height: 4, data: new Uint8Array(108).fill(50) };
    const { width, height, data } = decode(heatPng(picture, maps, 1));
    assert.deepEqual([width, height], [9, 4]);
    assert.ok(data[0] > data[3 * 8]);
  });

  it("is refused of other pictures and maps", () => {
    const refused = (call: () => unknown, words: RegExp): void =>
      assert.throws(call, (error: Error) => error.name === "UsageError" && words.test(error.message));
    refused(
      () => heatPng(new Uint8Array(7), maps),
      /picture has 7 bytes; give one image of \[2, 3, 1 or 3\]/,
    );
    refused(() => heatPng("a.png" as never, maps), /picture must be the image's bytes, but is "a\.png"/);
    refused(
      () => heatPng(grey, { ...maps, count: 0, values: new Float32Array() }),
      /count must be .* 1 or more/,
    );
    refused(() => heatPng(grey, maps, 2), /index must be a whole number from 0 to 1, but is 2/);
    refused(() => heatPng(grey, { ...maps, count: 3 }), /maps has 12 values; give 3 maps of 2 × 3/);
    refused(() => heatPng(grey, undefined as never), /^heatPng: maps takes an object of options/);
    refused(
      () => heatPng({ width: 2, height: 2, data: grey }, maps),
      /picture has 6 bytes; 2 × 2 pixels .* have 12/,
    );
  });
});
