import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NumpyArray, NumpyTypeName, NumpyValues } from "./formats/numpy-array.js";
import { type ImageForm, imagesOfArray, labelsOfArray } from "./image-array.js";

const array = (shape: readonly number[], values: NumpyValues, type: NumpyTypeName = "uint8"): NumpyArray => ({
  shape,
  type,
  values,
});
const bytes = (...shape: number[]): NumpyArray => {
  const length = shape.reduce((product, size) => product * size, 1);
  return array(
    shape,
    Uint8Array.from({ length }, (_, place) => place),
  );
};

describe("images of an array", () => {
  const shapes: readonly [readonly number[], ImageForm, readonly number[]][] = [
    [[2, 5, 4], {}, [5, 4, 1]],
    [[2, 5, 4, 3], {}, [5, 4, 3]],
    [[2, 5, 4, 1], {}, [5, 4, 1]],
    [[2, 3, 5, 4], {}, [5, 4, 3]],
    [[2, 1, 5, 4], {}, [5, 4, 1]],
    [[2, 5, 4, 3], { size: [5, 4], channels: 3 }, [5, 4, 3]],
    [[2, 3, 3, 3], { layout: "NCHW" }, [3, 3, 3]],
    [[2, 9], {}, [3, 3, 1]],
    [[2, 12], {}, [2, 2, 3]],
    [[2, 12], { size: [3, 4] }, [3, 4, 1]],
    [[2, 24], { size: [2, 4], channels: 3 }, [2, 4, 3]],
  ];
  for (const [shape, form, expected] of shapes) {
    it(`[${shape}] are of ${expected.join("×")}${Object.keys(form).length ? ` given ${JSON.stringify(form)}` : ""}`, () => {
      const read = imagesOfArray(bytes(...shape), "x", form);
      assert.deepEqual(read.shape, expected);
      assert.equal(read.count, 2);
    });
  }

  it("have the channels of a pixel side by side, wherever they were", () => {
    const planes = imagesOfArray(bytes(2, 3, 4, 5), "x", {});
    assert.deepEqual([...planes.images.subarray(0, 6)], [0, 20, 40, 1, 21, 41]);
    assert.deepEqual([...planes.images.subarray(60, 63)], [60, 80, 100]);
    const flat = imagesOfArray(bytes(1, 12), "x", { layout: "NCHW" });
    assert.deepEqual([...flat.images], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
  });

  const exact: readonly [string, NumpyValues, NumpyTypeName, readonly number[]][] = [
    ["whole numbers", Int32Array.of(0, 7, 255, 3), "int32", [0, 7, 255, 3]],
    ["wide whole numbers", BigInt64Array.of(0n, 7n, 255n, 3n), "int64", [0, 7, 255, 3]],
    ["truth values", Uint8Array.of(0, 1, 1, 0), "bool", [0, 255, 255, 0]],
    ["whole floats", Float64Array.of(0, 7, 255, 3), "float64", [0, 7, 255, 3]],
    ["shares in single precision", Float32Array.of(0, 7 / 255, 1, 254 / 255), "float32", [0, 7, 255, 254]],
    ["shares in half precision", Float32Array.of(0, 0.02745, 1, 0.99609375), "float16", [0, 7, 255, 254]],
  ];
  for (const [what, values, type, expected] of exact) {
    it(`become bytes where they are ${what}`, () => {
      assert.deepEqual([...imagesOfArray(array([1, 2, 2], values, type), "x", {}).images], expected);
    });
  }

  const bad: readonly [string, NumpyArray, ImageForm, RegExp][] = [
    [
      "axes that could be both",
      bytes(2, 3, 3, 3),
      {},
      /^x holds images of 3×3×3, of which heddle can't tell the channels: give the layout/,
    ],
    [
      "another size than was asked for",
      bytes(2, 5, 4, 3),
      { size: [32, 32] },
      /^x holds images of 5×4×3, with size 32×32 asked for: both are for rows of pixels/,
    ],
    ["other channels", bytes(2, 5, 4), { channels: 3 }, /5×4×1, with channels 3 asked for/],
    ["axes without channels", bytes(1, 9, 9, 9), {}, /can't tell the channels/],
    ["one axis", bytes(8), {}, /^x has 1 axes \(8\): expected images \[N, H, W\]/],
    ["no pixel", bytes(2, 0, 4), {}, /^x holds no pixel: its sizes are 2×0×4/],
    [
      "rows that are no square",
      bytes(2, 10),
      {},
      /^x has 10 values an image, which make no square with 1 or 3 channels: give the size/,
    ],
    ["rows of another size", bytes(2, 10), { size: [3, 3] }, /none of 3×3 with 1 or 3 channels/],
    [
      "standardized numbers",
      array([1, 2, 1], Float32Array.of(-1, 1), "float32"),
      {},
      /^x \(float32\) holds whole numbers from -1 to 1, .* undo their scaling/,
    ],
    [
      "shares between bytes",
      array([1, 2, 1], Float64Array.of(0.5, 1), "float64"),
      {},
      /numbers from 0\.5 to 1, .* save \(255 \* x\)\.round/,
    ],
    ["numbers between bytes", array([1, 2, 1], Float64Array.of(0.5, 200), "float64"), {}, /save x\.round/],
    [
      "16 bits",
      array([1, 2, 1], Uint16Array.of(0, 65_535), "uint16"),
      {},
      /from 0 to 65540, .* save \(x \/ 257\)/,
    ],
    [
      "no numbers",
      array([1, 2, 1], Float64Array.of(0.5, Number.NaN), "float64"),
      {},
      /some of which are no numbers/,
    ],
  ];
  for (const [what, given, form, message] of bad) {
    it(`are refused with ${what}`, () => {
      assert.throws(() => imagesOfArray(given, "x", form), { name: "HeddleError", message });
    });
  }
});

describe("labels of an array", () => {
  it("are read in every type, in a row or a column", () => {
    assert.deepEqual([...labelsOfArray(array([2], BigInt64Array.of(3n, 1n), "int64"), "y")], [3, 1]);
    assert.deepEqual([...labelsOfArray(array([2, 1], Float32Array.of(3, 1), "float32"), "y")], [3, 1]);
  });

  const bad: readonly [string, NumpyArray, RegExp][] = [
    ["one-hot rows", bytes(2, 3), /^y has the axes 2×3: .* y\.argmax\(axis=1\)/],
    [
      "a negative one",
      array([2], Int8Array.of(0, -1), "int8"),
      /^y \(int8\) holds the label -1 \(of image 1\)/,
    ],
    ["a fraction", array([1], Float32Array.of(0.5), "float32"), /holds the label 0\.5/],
    [
      "one too large to be exact",
      array([1], BigUint64Array.of(2n ** 63n), "uint64"),
      /expected whole numbers from 0/,
    ],
  ];
  for (const [what, given, message] of bad) {
    it(`are refused with ${what}`, () => {
      assert.throws(() => labelsOfArray(given, "y"), { name: "HeddleError", message });
    });
  }
});
